package dev.headwater.redis.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The server programs that the environment names: {@code HEADWATER_REDIS_SERVERS}, paths with
 * commas between.
 */
public final class NamedRedis {
  private NamedRedis() {}

  /** The programs; none if the variable isn't set. */
  public static Stream<Path> binaries() {
    return parse(System.getenv().getOrDefault("HEADWATER_REDIS_SERVERS", "")).stream();
  }

  static List<Path> parse(String paths) {
    List<Path> binaries =
        Arrays.stream(paths.split(","))
            .map(String::strip)
            .filter(path -> !path.isEmpty())
            .map(Path::of)
            .toList();
    for (Path binary : binaries) {
      if (!Files.isExecutable(binary)) {
        throw new IllegalArgumentException(
            "HEADWATER_REDIS_SERVERS names " + binary + ", which is no program");
      }
    }
    return binaries;
  }
}
