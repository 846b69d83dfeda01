package dev.headwater.trading.cli;

import dev.headwater.effect.DeadLetter;
import dev.headwater.effect.DeadLetters;
import dev.headwater.effect.Effect;
import dev.headwater.event.StreamId;
import dev.headwater.trading.notice.FillNotice;
import dev.headwater.trading.notice.FillNotices;
import dev.headwater.trading.notice.SendNotice;
import dev.headwater.trading.venue.Venue;
import java.util.List;
import picocli.CommandLine.Parameters;

/** Names the dead letters of a stream on the command line. */
final class EffectOptions {
  /** For commands that look and decide, but have no effect. */
  private static final SendNotice NOWHERE =
      new SendNotice() {
        @Override
        public void send(FillNotice notice) {
          throw new IllegalStateException("nobody is told by this command");
        }

        @Override
        public void close() {}
      };

  @Parameters(index = "0", paramLabel = "EFFECT", description = FillNotices.NAME)
  private String effect = "";

  @Parameters(index = "1", paramLabel = "TYPE", description = "OrderBook or Instrument")
  private String type = "";

  @Parameters(index = "2", paramLabel = "ID", description = "its id, the symbol")
  private String id = "";

  /** The effects of the venue, which do nothing. */
  static List<Effect> all() {
    return List.of(new FillNotices(NOWHERE));
  }

  StreamId stream() {
    return StreamOptions.stream(type, id);
  }

  /** What is known of the named effect, whose handlers may not be called. */
  DeadLetters letters(Venue venue) {
    return venue.deadLetters(named(all()));
  }

  /** The one of {@code effects} that is named. */
  Effect named(List<Effect> effects) {
    return effects.stream()
        .filter(each -> each.name().equals(effect))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no effect '"
                        + effect
                        + "'; there are "
                        + effects.stream().map(Effect::name).toList()));
  }

  /** Those of the stream, of which there are some. */
  List<DeadLetter> find(DeadLetters letters) {
    List<DeadLetter> found = letters.of(stream());
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "effect "
              + effect
              + " has no dead letters of "
              + stream()
              + "; see ./trading effects list");
    }
    return found;
  }
}
