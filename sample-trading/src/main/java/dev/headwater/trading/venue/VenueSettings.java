package dev.headwater.trading.venue;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a venue keeps its data, and who may watch it.
 *
 * @param dataFolder made if missing; used by one process at a time
 * @param redisUri a Redis server to use instead of an embedded one whose data is in the folder
 * @param postgres a PostgreSQL database for the read models instead of an H2 file in the folder
 * @param metrics where to serve metrics to Prometheus; null for nowhere, port 0 for any that is
 *     free
 */
public record VenueSettings(
    Path dataFolder,
    @Nullable String redisUri,
    @Nullable PostgresAddress postgres,
    @Nullable InetSocketAddress metrics) {
  /** Everything in one folder. */
  public static VenueSettings in(Path dataFolder) {
    return new VenueSettings(dataFolder, null, null, null);
  }

  /** The same with metrics. */
  public VenueSettings withMetrics(InetSocketAddress address) {
    return new VenueSettings(dataFolder, redisUri, postgres, address);
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
