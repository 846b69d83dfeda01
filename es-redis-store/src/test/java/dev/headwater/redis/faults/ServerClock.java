package dev.headwater.redis.faults;

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
import java.util.Optional;

/**
 * The clock of one Redis, which this sets: a few lines of C between it and the system's clock.
 * Needs a C compiler and a server that is linked dynamically.
 */
final class ServerClock {
  private final Path server;
  private final Path offset;

  private ServerClock(Path server, Path offset) {
    this.server = server;
    this.offset = offset;
  }

  /** Empty where there is no C compiler. */
  static Optional<ServerClock> make() throws IOException, InterruptedException {
    Path folder = TestRedis.newFolder();
    Path source = folder.resolve("clock.c");
    try (InputStream in = ServerClock.class.getResourceAsStream("clock.c")) {
      Files.copy(java.util.Objects.requireNonNull(in), source);
    }
    Path library = folder.resolve("clock.so");
    if (!compile(source, library)) {
      return Optional.empty();
    }
    Path offset = folder.resolve("offset");
    Path server = folder.resolve("redis-server");
    Files.writeString(
        server,
        """
        #!/bin/sh
        export CLOCK_OFFSET='%s' LD_PRELOAD='%s'
        exec '%s' "$@"
        """
            .formatted(offset, library, TestRedis.binary()));
    Files.setPosixFilePermissions(server, PosixFilePermissions.fromString("rwx------"));
    ServerClock clock = new ServerClock(server, offset);
    clock.set(Duration.ZERO);
    return Optional.of(clock);
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

  /** A Redis server whose clock this is. */
  Path server() {
    return server;
  }

  /** Sets the clock so far from the system's, at once. */
  void set(Duration fromNow) throws IOException {
    ByteBuffer seconds = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
    try (FileChannel file =
        FileChannel.open(offset, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(seconds.putLong(fromNow.toSeconds()).flip(), 0);
    }
  }
}
