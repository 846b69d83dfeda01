package dev.headwater.trading.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The sample's main class, called by the launcher {@code ./trading}. */
@Command(
    name = "trading",
    description =
        "A trading venue whose every order is an event in Redis and whose read models are SQL"
            + " tables.",
    mixinStandardHelpOptions = true,
    versionProvider = Trading.Version.class,
    subcommands = {
      DemoCommand.class,
      ImportCommand.class,
      ReplayCommand.class,
      ParkedCommand.class,
      ProjectionsCommand.class,
      EffectsCommand.class,
      SqlCommand.class,
      HistoryCommand.class,
      StateCommand.class,
      DoctorCommand.class
    })
public final class Trading implements Runnable {
  @Spec private CommandSpec spec;

  private Trading() {}

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Trading.class.getPackage().getImplementationVersion();
      return new String[] {"Headwater trading " + (version == null ? "(not packaged)" : version)};
    }
  }

  /**
   * Runs one command and ends the JVM with its status: 0 done, 1 failed, 2 wrong usage, 3 a check
   * found a difference.
   */
  public static void main(String[] args) {
    int status = commandLine().execute(args);
    System.exit(status);
  }

  /**
   * The commands and their options; for the program itself and for the tests of the documentation.
   */
  public static CommandLine commandLine() {
    return new CommandLine(new Trading())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(Trading::explain);
  }

  /** An operator gets the message; the stack trace only with {@code TRADING_DEBUG} set. */
  private static int explain(Exception e, CommandLine command, CommandLine.ParseResult arguments) {
    PrintWriter err = command.getErr();
    if (System.getenv("TRADING_DEBUG") != null) {
      e.printStackTrace(err);
    }
    err.println("trading: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
    err.flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }
}
