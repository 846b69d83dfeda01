package dev.headwater.trading.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./trading projections}: its subcommands do the work. */
@Command(
    name = "projections",
    description = "Builds read models beside those that serve, compares, switches and drops them.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ListVersionsCommand.class,
      RebuildCommand.class,
      CompareCommand.class,
      SwitchCommand.class,
      RollBackCommand.class,
      DropCommand.class
    })
final class ProjectionsCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "name a command: " + String.join(", ", spec.subcommands().keySet()));
  }
}
