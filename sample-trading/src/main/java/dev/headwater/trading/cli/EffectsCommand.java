package dev.headwater.trading.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./trading effects}: events that an effect gave up on, and what to do about them. */
@Command(
    name = "effects",
    description =
        "Events that an effect gave up on, such as fills that could not be told to anybody.",
    mixinStandardHelpOptions = true,
    subcommands = {
      EffectsListCommand.class,
      EffectsShowCommand.class,
      EffectsRetryCommand.class,
      EffectsSkipCommand.class
    })
final class EffectsCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "name a command: " + String.join(", ", spec.subcommands().keySet()));
  }
}
