package dev.headwater.trading.cli;

import dev.headwater.trading.notice.SendNotice;
import dev.headwater.trading.venue.Venue;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Says where the fills of a command are told. */
final class NoticeOptions {
  @Option(
      names = "--notify",
      paramLabel = "TARGET",
      description =
          "tells the owners of orders of their fills: an http(s) URL gets a POST for each, a file a"
              + " line of JSON")
  private @Nullable String target;

  /** Begins to tell of the fills of a venue; does nothing where nobody is to be told. */
  Notices start(Venue venue) {
    return target == null ? Notices.NONE : new TellOfFills(venue, SendNotice.to(target));
  }
}
