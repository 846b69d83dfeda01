package dev.headwater.trading.cli;

import dev.headwater.effect.DeadLetters;
import dev.headwater.effect.DeadLetters.Retried;
import dev.headwater.event.StreamId;
import dev.headwater.trading.notice.FillNotices;
import dev.headwater.trading.notice.SendNotice;
import dev.headwater.trading.venue.Venue;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./trading effects retry}. */
@Command(
    name = "retry",
    description = "Tries the dead letters of a stream again, in their order, until one fails.",
    mixinStandardHelpOptions = true)
final class EffectsRetryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private VenueOptions venueOptions;
  @Mixin private EffectOptions effectOptions;

  @Option(
      names = "--notify",
      paramLabel = "TARGET",
      required = true,
      description = "who is told: an http(s) URL, or a file")
  private String target = "";

  @Option(
      names = "--who",
      paramLabel = "NAME",
      description = "who tries it, for the record (default: the user of this machine)")
  private String who = System.getProperty("user.name", "unknown");

  @Override
  public Integer call() {
    try (Venue venue = venueOptions.openExisting();
        SendNotice notices = SendNotice.to(target)) {
      DeadLetters letters =
          venue.deadLetters(effectOptions.named(List.of(new FillNotices(notices))));
      effectOptions.find(letters);
      return report(letters.retry(effectOptions.stream(), who));
    }
  }

  private int report(Retried retried) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    StreamId stream = effectOptions.stream();
    int status =
        switch (retried) {
          case Retried.Done(int events) -> {
            out.printf("%s of %s told; none waits%n", ParkedOptions.events(events), stream);
            yield 0;
          }
          case Retried.FailedAgain(int events, var letter, String error) -> {
            err.printf(
                "trading: %s of %s told, then version %d failed again: %s%n",
                ParkedOptions.events(events), stream, letter.version(), error);
            yield 1;
          }
          case Retried.UnderWay(int events, var letter) -> {
            err.printf(
                "trading: %s of %s told; somebody else is trying version %d, or has died doing so:"
                    + " try again in ten minutes%n",
                ParkedOptions.events(events), stream, letter.version());
            yield 1;
          }
        };
    out.flush();
    err.flush();
    return status;
  }
}
