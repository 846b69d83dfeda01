package dev.headwater.redis.testing;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import java.util.function.Consumer;
import java.util.function.Function;

/** Says things to servers, beside any store. */
final class Chat implements AutoCloseable {
  private final RedisClient client = RedisClient.create();

  <T> T ask(String uri, Function<RedisCommands<String, String>, T> question) {
    try (var connection = client.connect(StringCodec.UTF8, RedisURI.create(uri))) {
      return question.apply(connection.sync());
    }
  }

  void tell(String uri, Consumer<RedisCommands<String, String>> commands) {
    ask(
        uri,
        sync -> {
          commands.accept(sync);
          return true;
        });
  }

  /** A field of a section of what a server tells about itself; empty if it doesn't. */
  String field(String uri, String section, String field) {
    try {
      return ask(uri, commands -> commands.info(section))
          .lines()
          .filter(line -> line.startsWith(field + ":"))
          .map(line -> line.substring(field.length() + 1))
          .findFirst()
          .orElse("");
    } catch (RedisException e) {
      return ""; // one that changes its role ends connections
    }
  }

  @Override
  public void close() {
    client.shutdown();
  }
}
