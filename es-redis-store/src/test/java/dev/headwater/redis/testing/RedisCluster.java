package dev.headwater.redis.testing;

import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.server.RedisServerOptions;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Three primaries and their replicas on this machine, which fail over after about a second. Nodes 0
 * to 2 begin as the primaries; the replicas of 0 are 3, 6 and so on.
 */
public final class RedisCluster implements AutoCloseable {
  private static final int PRIMARIES = 3;
  private static final int SLOTS = 16_384;

  private final List<OwnRedis> nodes = new ArrayList<>();
  private final Chat chat = new Chat();

  /** Starts one with so many replicas of each primary. */
  public RedisCluster(int replicas) {
    try {
      IntStream.range(0, PRIMARIES * (1 + replicas))
          .parallel()
          .mapToObj(i -> new OwnRedis(options()))
          .forEachOrdered(nodes::add);
      form();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static RedisServerOptions options() {
    return RedisServerOptions.in(TestRedis.newFolder())
        .withPort(FreePort.withBus())
        .withSetting("cluster-enabled", "yes")
        .withSetting("cluster-node-timeout", "1000")
        .withSetting("cluster-replica-validity-factor", "0")
        .withSetting("repl-diskless-sync", "yes")
        .withSetting("repl-diskless-sync-delay", "0");
  }

  private void form() {
    for (int i = 0; i < nodes.size(); i++) {
      int epoch = i + 1;
      int node = i;
      tell(i, commands -> commands.clusterSetConfigEpoch(epoch));
      if (i < PRIMARIES) {
        tell(
            i,
            commands ->
                commands.clusterAddSlots(
                    IntStream.range(SLOTS * node / PRIMARIES, SLOTS * (node + 1) / PRIMARIES)
                        .toArray()));
      }
      if (i > 0) {
        tell(0, commands -> commands.clusterMeet("127.0.0.1", port(node)));
      }
    }
    await("all nodes know each other", i -> knownNodes(i) == nodes.size());
    for (int i = PRIMARIES; i < nodes.size(); i++) {
      String primary = id(i % PRIMARIES);
      tell(i, commands -> commands.clusterReplicate(primary));
    }
    await("all is well", this::isWell);
  }

  private long knownNodes(int node) {
    // One that is still shaking hands has no address of its own in the others' eyes.
    return chat.ask(uri(node), RedisCommands::clusterNodes)
        .lines()
        .filter(line -> !line.contains("handshake") && line.contains(" connected"))
        .count();
  }

  private boolean isWell(int node) {
    if (!chat.ask(uri(node), RedisCommands::clusterInfo).contains("cluster_state:ok")) {
      return false;
    }
    long replicas =
        chat.ask(uri(node), RedisCommands::clusterNodes)
            .lines()
            .filter(line -> line.contains("slave"))
            .count();
    boolean linked =
        node < PRIMARIES
            || chat.ask(uri(node), commands -> commands.info("replication"))
                .contains("master_link_status:up");
    return linked && replicas == nodes.size() - PRIMARIES;
  }

  private void await(String what, java.util.function.IntPredicate holds) {
    Await.until(
        what,
        Duration.ofSeconds(30),
        () -> IntStream.range(0, nodes.size()).filter(this::isAlive).allMatch(holds));
  }

  /** Its nodes, for a store. */
  public String uri() {
    return "redis-cluster://"
        + nodes.stream()
            .map(node -> "127.0.0.1:" + node.server().port())
            .collect(Collectors.joining(","));
  }

  /** Address of one node. */
  public String uri(int node) {
    return nodes.get(node).server().uri();
  }

  /** Options for a store of 4 partitions on it. */
  public RedisStoreOptions store() {
    return RedisStoreOptions.at(uri()).withPartitions(4);
  }

  /** The port that a node listens on. */
  public int port(int node) {
    return nodes.get(node).server().port();
  }

  /** The name that a node has in the cluster. */
  public String id(int node) {
    return chat.ask(uri(node), RedisCommands::clusterMyId);
  }

  /** How many nodes it has. */
  public int size() {
    return nodes.size();
  }

  /** The node that holds a key now, as it says itself. */
  public int primaryOf(String key) {
    for (int i = 0; i < nodes.size(); i++) {
      if (isAlive(i) && holds(i, key)) {
        return i;
      }
    }
    throw new IllegalStateException("no node holds " + key);
  }

  private boolean holds(int node, String key) {
    return chat.ask(
        uri(node),
        commands -> {
          try {
            commands.exists(key);
            return true;
          } catch (io.lettuce.core.RedisCommandExecutionException e) {
            return false;
          }
        });
  }

  private boolean isAlive(int node) {
    return nodes.get(node).server().isAlive();
  }

  /** The first replica that a primary began with. */
  public int replicaOf(int primary) {
    return (primary + PRIMARIES) % nodes.size();
  }

  /** Ends a node as a crash would. */
  public void crash(int node) {
    nodes.get(node).crash();
  }

  /** Starts a node again on its data. */
  public void restart(int node) {
    nodes.get(node).restart();
  }

  /** Waits until every node that lives finds the cluster whole, with every slot served. */
  public void awaitWhole() {
    await(
        "the cluster is whole",
        i -> chat.ask(uri(i), RedisCommands::clusterInfo).contains("cluster_state:ok"));
  }

  /** Says something to one node. */
  public void tell(int node, Consumer<RedisCommands<String, String>> commands) {
    chat.tell(uri(node), commands);
  }

  @Override
  public void close() {
    chat.close();
    nodes.forEach(OwnRedis::close);
  }
}
