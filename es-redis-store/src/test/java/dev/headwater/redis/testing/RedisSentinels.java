package dev.headwater.redis.testing;

import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A primary, its replica and three sentinels on this machine, which fail over after a second. */
public final class RedisSentinels implements AutoCloseable {
  private static final String NAME = "events";
  private static final int SENTINELS = 3;

  private final List<OwnRedis> servers = new ArrayList<>();
  private final List<Process> sentinels = new ArrayList<>();
  private final List<Integer> ports = new ArrayList<>();
  private final Chat chat = new Chat();
  private final Thread hook = new Thread(this::endSentinels);

  /** Starts them. */
  public RedisSentinels() {
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      servers.add(new OwnRedis(options()));
      servers.add(new OwnRedis(options().withSetting("replicaof", "127.0.0.1 " + port(0))));
      Await.until("the replica is in step", Duration.ofSeconds(30), this::isReplicaInStep);
      for (int i = 0; i < SENTINELS; i++) {
        startSentinel();
      }
      Await.until("the sentinels know each other", Duration.ofSeconds(30), this::allKnown);
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static RedisServerOptions options() {
    return RedisServerOptions.in(TestRedis.newFolder())
        .withSetting("repl-diskless-sync", "yes")
        .withSetting("repl-diskless-sync-delay", "0");
  }

  private void startSentinel() throws IOException {
    Path folder = TestRedis.newFolder();
    int port = FreePort.any();
    Path config = folder.resolve("sentinel.conf");
    Files.writeString(
        config,
        """
        bind 127.0.0.1
        port %d
        dir %s
        pidfile %s/redis.pid
        sentinel monitor %s 127.0.0.1 %d 2
        sentinel down-after-milliseconds %s 1000
        sentinel failover-timeout %s 4000
        """
            .formatted(port, folder, folder, NAME, port(0), NAME, NAME));
    sentinels.add(
        new ProcessBuilder(TestRedis.binary().toString(), config.toString(), "--sentinel")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("redis.log").toFile())
            .start());
    ports.add(port);
  }

  private boolean isReplicaInStep() {
    return chat.field(uri(1), "replication", "master_link_status").equals("up");
  }

  private boolean allKnown() {
    return ports.stream().allMatch(this::knowsAll);
  }

  private boolean knowsAll(int port) {
    try {
      String info = chat.ask("redis://127.0.0.1:" + port, commands -> commands.info("sentinel"));
      return info.contains("slaves=1,sentinels=" + SENTINELS);
    } catch (io.lettuce.core.RedisException e) {
      return false; // not up yet
    }
  }

  /** What a client connects to. */
  public String uri() {
    return "redis-sentinel://"
        + ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","))
        + "?sentinelMasterId="
        + NAME;
  }

  /** Options for a store of 2 partitions on it. */
  public RedisStoreOptions store() {
    return RedisStoreOptions.at(uri()).withPartitions(2);
  }

  /** Address of a server: 0 begins as the primary, 1 as its replica. */
  public String uri(int server) {
    return servers.get(server).server().uri();
  }

  /** A server's process. */
  public RedisServer server(int server) {
    return servers.get(server).server();
  }

  private int port(int server) {
    return servers.get(server).server().port();
  }

  /** Ends a server as a crash would. */
  public void crash(int server) {
    servers.get(server).crash();
  }

  /** Starts a server again on its data. */
  public void restart(int server) {
    servers.get(server).restart();
  }

  /** Tells the sentinels to make the replica the primary. */
  public void failOver() {
    chat.tell(
        "redis://127.0.0.1:" + ports.getFirst(),
        commands ->
            commands.dispatch(
                CommandType.SENTINEL,
                new StatusOutput<>(StringCodec.UTF8),
                new CommandArgs<>(StringCodec.UTF8).add("FAILOVER").add(NAME)));
  }

  /** Waits until server 1 has all that server 0 has. */
  public void awaitInStep() {
    Await.until(
        "server 1 is in step",
        Duration.ofSeconds(30),
        () -> offset(1, "slave_repl_offset").equals(offset(0, "master_repl_offset")));
  }

  private String offset(int server, String field) {
    return chat.field(uri(server), "replication", field);
  }

  /** Lets a server fall silent with its connections open. */
  public void freeze(int server) {
    signal("-STOP", server);
  }

  /** Lets it go on. */
  public void thaw(int server) {
    signal("-CONT", server);
  }

  private void signal(String signal, int server) {
    try {
      String pid = String.valueOf(server(server).pid());
      new ProcessBuilder("kill", signal, pid).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether a server accepts writes. */
  public boolean isPrimary(int server) {
    return chat.field(uri(server), "replication", "role").equals("master");
  }

  /** Whether a server follows another one. */
  public boolean isReplica(int server) {
    return chat.field(uri(server), "replication", "role").equals("slave");
  }

  /** Says something to a server. */
  public void tell(int server, Consumer<RedisCommands<String, String>> commands) {
    chat.tell(uri(server), commands);
  }

  private void endSentinels() {
    sentinels.forEach(Process::destroyForcibly);
    for (Process sentinel : sentinels) {
      try {
        sentinel.waitFor(5, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    endSentinels();
    chat.close();
    servers.forEach(OwnRedis::close);
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // shutting down
    }
  }
}
