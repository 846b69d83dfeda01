package dev.headwater.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.headwater.redis.server.RedisServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What the store sends for one append, seen by Redis's own monitor: so {@link RedisBenchmark} makes
 * the very call that it is compared with.
 */
final class RecordedCall {
  private static final Pattern ARGUMENT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  private RecordedCall() {}

  /** The words of the first {@code command} that Redis gets while {@code action} runs. */
  static List<String> of(RedisServer server, String command, Runnable action) throws IOException {
    try (Socket monitor = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      monitor.setSoTimeout(5_000);
      monitor.getOutputStream().write("MONITOR\r\n".getBytes(ISO_8859_1));
      var lines = new BufferedReader(new InputStreamReader(monitor.getInputStream(), ISO_8859_1));
      if (!"+OK".equals(lines.readLine())) {
        throw new IllegalStateException("Redis does not let itself be monitored");
      }
      action.run();
      while (true) {
        List<String> words = words(lines.readLine());
        if (!words.isEmpty() && words.getFirst().equalsIgnoreCase(command)) {
          return words;
        }
      }
    }
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    for (MatchResult match : ARGUMENT.matcher(line).results().toList()) {
      words.add(match.group(1).replace("\\\"", "\"").replace("\\\\", "\\"));
    }
    return words;
  }
}
