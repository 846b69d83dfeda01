package dev.headwater.redis.testing;

import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.server.RedisBinary;
import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A server with the users of the repository's ACL file, which ends with the JVM. The default user
 * is off.
 */
public final class AclRedis {
  private static final Map<Path, AclRedis> STARTED = new ConcurrentHashMap<>();

  private final RedisServer server;

  private AclRedis(RedisServer server) {
    this.server = server;
  }

  /** One of that program that the tests of this JVM share; they only add to it. */
  public static AclRedis shared(Path binary) {
    return STARTED.computeIfAbsent(binary, b -> new AclRedis(start(b)));
  }

  /** One of that program that nobody else uses. */
  public static AclRedis alone(Path binary) {
    return new AclRedis(start(binary));
  }

  private static RedisServer start(Path binary) {
    Path folder = TestRedis.newFolder();
    return RedisServer.start(
        RedisServerOptions.in(folder)
            .withBinary(binary)
            .withSetting("aclfile", usersFor(binary, folder).toString()));
  }

  /** The file as an operator would change it: for other namespaces, with the default user off. */
  private static Path usersFor(Path binary, Path folder) {
    String name = binary.equals(RedisBinary.embedded()) ? "headwater-6.2.acl" : "headwater.acl";
    try {
      String rules = Files.readString(Path.of("..", "deploy", "redis-acl", name));
      return Files.writeString(
          folder.resolve("users.acl"),
          rules.replace("~headwater:", "~test-*:") + "user default off\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Options for a new, empty store of 4 partitions, as that user: {@code application} and such. */
  public RedisStoreOptions newStore(String user) {
    return as(user, TestRedis.newNamespace());
  }

  /** Options for a store that is there. */
  public RedisStoreOptions as(String user, String namespace) {
    return RedisStoreOptions.at(uri(user)).withNamespace(namespace).withPartitions(4);
  }

  /** The address with that user's credentials. */
  public String uri(String user) {
    return "redis://headwater-%s:change-me-%s@127.0.0.1:%d".formatted(user, user, server.port());
  }
}
