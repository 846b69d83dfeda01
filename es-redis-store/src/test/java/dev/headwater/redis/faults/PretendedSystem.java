package dev.headwater.redis.faults;

import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.redis.testing.TestRedis;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one Redis takes for the system, and this sets: the clock, and how long forcing a file to
 * disk takes. A few lines of C between the server and its C library.
 */
final class PretendedSystem {
  private static final Pattern TIME = Pattern.compile("\\$\\d+\r\n(\\d+)\r\n");

  private final Path server;
  private final Path settings;

  private PretendedSystem(Path server, Path settings) {
    this.server = server;
    this.settings = settings;
  }

  /** Empty where there is no C compiler, or the server can't be given a library. */
  static Optional<PretendedSystem> make() throws IOException, InterruptedException {
    Path folder = TestRedis.newFolder();
    Path source = folder.resolve("system.c");
    try (InputStream in = PretendedSystem.class.getResourceAsStream("system.c")) {
      Files.copy(Objects.requireNonNull(in), source);
    }
    Path library = folder.resolve("system.so");
    if (!compile(source, library)) {
      return Optional.empty();
    }
    Path settings = folder.resolve("settings");
    Path server = folder.resolve("redis-server");
    Files.writeString(
        server,
        """
        #!/bin/sh
        export PRETENDED_SYSTEM='%s' LD_PRELOAD='%s'
        exec '%s' "$@"
        """
            .formatted(settings, library, TestRedis.binary()));
    Files.setPosixFilePermissions(server, PosixFilePermissions.fromString("rwx------"));
    PretendedSystem system = new PretendedSystem(server, settings);
    system.set(Duration.ofDays(1), Duration.ZERO);
    RedisServerOptions options =
        RedisServerOptions.in(TestRedis.newFolder()).withBinary(system.server);
    try (Victim probe = new Victim(options, Fsync.NO)) {
      boolean works = system.isAheadAt(probe, Duration.ofDays(1));
      system.set(Duration.ZERO, Duration.ZERO);
      return works ? Optional.of(system) : Optional.empty();
    }
  }

  private static boolean compile(Path source, Path library) throws InterruptedException {
    try {
      return new ProcessBuilder(
                  "cc", "-O1", "-shared", "-fPIC", "-o", library.toString(), source.toString())
              .inheritIO()
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // no such program
    }
  }

  /** A Redis server that takes this for the system. */
  Path server() {
    return server;
  }

  /** Whether a server's clock is so far from the system's. */
  boolean isAheadAt(Victim redis, Duration fromNow) {
    Matcher time = TIME.matcher(redis.say("TIME"));
    return time.find()
        && Math.abs(
                Long.parseLong(time.group(1))
                    - System.currentTimeMillis() / 1_000
                    - fromNow.toSeconds())
            < 60;
  }

  /**
   * Takes effect at once.
   *
   * @param clock how far the clock is from the system's
   * @param sync how much longer forcing a file to disk takes
   */
  void set(Duration clock, Duration sync) throws IOException {
    ByteBuffer numbers = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
    try (FileChannel file =
        FileChannel.open(settings, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      numbers.putLong(clock.toSeconds()).putLong(sync.toNanos() / 1_000);
      file.write(numbers.flip(), 0);
    }
  }
}
