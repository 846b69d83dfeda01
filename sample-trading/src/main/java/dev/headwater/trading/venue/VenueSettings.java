package dev.headwater.trading.venue;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a venue keeps its data.
 *
 * @param dataFolder made if missing; used by one process at a time
 * @param redisUri a Redis server to use instead of an embedded one whose data is in the folder
 */
public record VenueSettings(Path dataFolder, @Nullable String redisUri) {
  /** Everything in one folder. */
  public static VenueSettings in(Path dataFolder) {
    return new VenueSettings(dataFolder, null);
  }

  Path redisFolder() {
    return dataFolder.resolve("redis");
  }

  Path readModelFile() {
    return dataFolder.resolve("read-models");
  }

  /** Without the URI, which may hold a password. */
  @Override
  public String toString() {
    return "venue in " + dataFolder;
  }
}
