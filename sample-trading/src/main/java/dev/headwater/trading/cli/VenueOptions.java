package dev.headwater.trading.cli;

import dev.headwater.trading.venue.Venue;
import dev.headwater.trading.venue.VenueSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help;
import picocli.CommandLine.Option;

/** The options that every command has. */
final class VenueOptions {
  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description = "where events and read models are kept (default: ${DEFAULT-VALUE})")
  private Path data = Path.of("data");

  @Option(
      names = "--redis",
      paramLabel = "URI",
      description =
          "a Redis server to use instead of the embedded one, redis://[[user]:password@]host:port")
  private @Nullable String redis;

  @Option(names = "--headless", description = "no colours, no bars that redraw themselves")
  private boolean headless;

  /** Opens a venue that is there, for commands that make none. */
  Venue openExisting() {
    if (redis == null && !Files.isDirectory(data().resolve("redis"))) {
      throw new IllegalArgumentException(
          "there is no venue in " + data() + "; ./trading demo or ./trading import makes one");
    }
    return open();
  }

  Venue open() {
    return Venue.open(new VenueSettings(data.toAbsolutePath().normalize(), redis));
  }

  Path data() {
    return data.toAbsolutePath().normalize();
  }

  boolean headless() {
    return headless || !Help.Ansi.AUTO.enabled();
  }
}
