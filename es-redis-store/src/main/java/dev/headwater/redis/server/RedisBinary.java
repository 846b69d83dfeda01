package dev.headwater.redis.server;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import redis.embedded.core.ExecutableProvider;

/** Where a {@code redis-server} program comes from. */
public final class RedisBinary {
  private static final Object EXTRACTION = new Object();
  private static volatile Optional<Path> extracted = Optional.empty();

  private RedisBinary() {}

  /** The {@code redis-server} on the PATH, if there is one. */
  public static Optional<Path> onPath() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Arrays.stream(path.split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, "redis-server"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * The Redis 6.2 that comes as a Maven artifact, extracted into a temporary folder once a process.
   *
   * @throws UncheckedIOException if it can't be extracted here
   */
  public static Path embedded() {
    synchronized (EXTRACTION) {
      if (extracted.filter(Files::isExecutable).isEmpty()) {
        extracted = Optional.of(extract());
      }
      return extracted.get();
    }
  }

  private static Path extract() {
    try {
      Path folder = Files.createTempDirectory("headwater-redis-binary");
      folder.toFile().deleteOnExit(); // what was registered last goes first
      Path binary = ExecutableProvider.newJarResourceProvider(folder.toFile()).get().toPath();
      binary.toFile().deleteOnExit();
      return binary;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "can't extract the embedded Redis for this machine; install redis-server instead", e);
    }
  }
}
