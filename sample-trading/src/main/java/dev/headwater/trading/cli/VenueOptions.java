package dev.headwater.trading.cli;

import dev.headwater.trading.venue.PostgresAddress;
import dev.headwater.trading.venue.Venue;
import dev.headwater.trading.venue.VenueSettings;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that every command has. */
final class VenueOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec mixee;

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

  @Option(
      names = "--database",
      paramLabel = "URL",
      defaultValue = "${env:TRADING_DATABASE}",
      description =
          "a PostgreSQL database for the read models instead of an H2 file in the data folder,"
              + " jdbc:postgresql://host:port/name?user=...; or set TRADING_DATABASE. The password"
              + " is taken from PGPASSWORD")
  private @Nullable String database;

  @Option(names = "--headless", description = "no colours, no bars that redraw themselves")
  private boolean headless;

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      description =
          "serve metrics for Prometheus at http://HOST:PORT/metrics while the command runs; 0: any"
              + " port that is free")
  private @Nullable Integer metricsPort;

  @Option(
      names = "--metrics-host",
      paramLabel = "HOST",
      description =
          "with --metrics-port: the address to serve them at, 0.0.0.0 for all of this machine"
              + " (default: ${DEFAULT-VALUE})")
  private String metricsHost = "127.0.0.1";

  /** Opens a venue that is there, for commands that make none. */
  Venue openExisting() {
    if (redis == null && !Files.isDirectory(data().resolve("redis"))) {
      throw new IllegalArgumentException(
          "there is no venue in " + data() + "; ./trading demo or ./trading import makes one");
    }
    return open();
  }

  Venue open() {
    Venue venue = Venue.open(settings());
    if (metricsPort != null) {
      InetSocketAddress served = venue.metricsAddress();
      mixee
          .commandLine()
          .getErr()
          .printf("metrics at http://%s:%d/metrics%n", metricsHost, served.getPort());
    }
    return venue;
  }

  /** What the options say. */
  VenueSettings settings() {
    return new VenueSettings(data(), redis, postgres(), metrics());
  }

  private @Nullable PostgresAddress postgres() {
    return database == null || database.isBlank()
        ? null
        : PostgresAddress.of(database, System.getenv());
  }

  private @Nullable InetSocketAddress metrics() {
    if (metricsPort == null) {
      return null;
    }
    if (metricsPort < 0 || metricsPort > 65_535) {
      throw new IllegalArgumentException("--metrics-port must be 0 to 65535, was: " + metricsPort);
    }
    InetSocketAddress address = new InetSocketAddress(metricsHost, metricsPort);
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("--metrics-host is unknown: " + metricsHost);
    }
    return address;
  }

  Path data() {
    return data.toAbsolutePath().normalize();
  }

  boolean headless() {
    return headless || !Help.Ansi.AUTO.enabled();
  }
}
