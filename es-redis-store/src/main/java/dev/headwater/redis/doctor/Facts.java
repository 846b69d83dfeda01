package dev.headwater.redis.doctor;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.sync.RedisServerCommands;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What a server says of itself, as far as it lets this user know. */
final class Facts {
  private final RedisServerCommands<?, ?> server;
  private final Map<String, String> info;
  private final Map<String, Optional<String>> config = new HashMap<>();
  private String infoRefusal = "";
  private String configRefusal = "";

  Facts(RedisServerCommands<?, ?> server) {
    this.server = server;
    this.info = parse(allowed(server::info, refusal -> infoRefusal = refusal).orElse(""));
  }

  private static <T> Optional<T> allowed(
      Supplier<T> call, java.util.function.Consumer<String> refused) {
    try {
      return Optional.ofNullable(call.get());
    } catch (RedisCommandExecutionException e) {
      refused.accept(String.valueOf(e.getMessage())); // NOPERM, or unknown where it is managed
      return Optional.empty();
    }
  }

  private static Map<String, String> parse(String info) {
    return info.lines()
        .filter(line -> !line.startsWith("#") && line.contains(":"))
        .map(line -> line.split(":", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1].strip(), (a, b) -> b));
  }

  /** A line of {@code INFO}. */
  Optional<String> info(String name) {
    return Optional.ofNullable(info.get(name));
  }

  /** A number of {@code INFO}; 0 if it isn't there, or is none. */
  long number(String name) {
    return info(name).flatMap(Facts::asNumber).orElse(0L);
  }

  /** What a server that is managed by others may say in another form. */
  static Optional<Long> asNumber(String text) {
    return text.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
  }

  /** A directive; empty if the server doesn't know or tell it. */
  Optional<String> config(String directive) {
    return config.computeIfAbsent(
        directive,
        name ->
            allowed(() -> server.configGet(name), refusal -> configRefusal = refusal)
                .map(values -> values.get(name)));
  }

  /** Why there is no {@code INFO}; empty if there is. */
  String infoRefusal() {
    return infoRefusal;
  }

  /** Why there are no directives; empty if there are. */
  String configRefusal() {
    return configRefusal;
  }
}
