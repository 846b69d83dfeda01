package dev.headwater.redis.testing;

import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server that belongs to one test, which may break it. Every write is on disk when acknowledged.
 */
public final class OwnRedis implements AutoCloseable {
  private RedisServer server;
  private final RedisServerOptions options;

  /** Starts one. */
  public OwnRedis() {
    this(RedisServerOptions.in(TestRedis.newFolder()));
  }

  /** Starts one with other options than usual. */
  public OwnRedis(RedisServerOptions options) {
    RedisServerOptions durable = options.withBinary(TestRedis.binary()).withFsync(Fsync.ALWAYS);
    server = RedisServer.start(durable);
    this.options = durable.withPort(server.port());
  }

  /** The running server. */
  public RedisServer server() {
    return server;
  }

  /** Options for a store of 2 partitions on it. */
  public RedisStoreOptions store() {
    return RedisStoreOptions.at(server.uri()).withPartitions(2);
  }

  /** Ends it as a crash would and starts it again on its data. */
  public void crashAndRestart() {
    server.kill();
    server = RedisServer.start(options);
  }

  /** Ends it as a crash would. */
  public void crash() {
    server.kill();
  }

  /** Starts it again on its data. */
  public void restart() {
    server = RedisServer.start(options);
  }

  /** Says something to it, beside any store. */
  public void tell(Consumer<RedisCommands<String, String>> commands) {
    try (RedisClient client = RedisClient.create(server.uri());
        var connection = client.connect()) {
      commands.accept(connection.sync());
    }
  }

  /** How often it was given a command since {@code CONFIG RESETSTAT}. */
  public long calls(String command) {
    try (RedisClient client = RedisClient.create(server.uri());
        var connection = client.connect()) {
      Matcher found =
          Pattern.compile("cmdstat_" + command + ":calls=(\\d+)")
              .matcher(connection.sync().info("commandstats"));
      return found.find() ? Long.parseLong(found.group(1)) : 0;
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
