package dev.headwater.trading.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./trading parked}: aggregates that a read model leaves out, and what to do about them. */
@Command(
    name = "parked",
    description =
        "Aggregates that a read model leaves out because one of their events can't be handled.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ParkedListCommand.class,
      ParkedShowCommand.class,
      ParkedRetryCommand.class,
      ParkedSkipCommand.class
    })
final class ParkedCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command: list, show, retry or skip");
  }
}
