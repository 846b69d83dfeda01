package dev.headwater.redis.testing;

import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import io.lettuce.core.KillArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Three primaries and their replicas on this machine, which fail over after about a second. Nodes 0
 * to 2 begin as the primaries; the replicas of 0 are then 3, 6 and so on.
 */
public final class RedisCluster implements AutoCloseable {
  private static final int PRIMARIES = 3;
  private static final int SLOTS = 16_384;

  private final List<OwnRedis> nodes = new ArrayList<>();
  private final Chat chat = new Chat();

  /** Starts one with so many replicas of each primary; what it acknowledges is on disk. */
  public RedisCluster(int replicas) {
    this(replicas, Fsync.ALWAYS);
  }

  /** Starts one that has what it acknowledges on disk when that option says. */
  public RedisCluster(int replicas, Fsync fsync) {
    try {
      IntStream.range(0, PRIMARIES * (1 + replicas))
          .parallel()
          .mapToObj(i -> new OwnRedis(options(fsync)))
          .forEachOrdered(nodes::add);
      form();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static RedisServerOptions options(Fsync fsync) {
    return RedisServerOptions.in(TestRedis.newFolder())
        .withPort(FreePort.withBus())
        .withSetting("appendfsync", fsync.name().toLowerCase(Locale.ROOT))
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
      // All of them, because gossip would take its time.
      tell(
          i,
          commands ->
              IntStream.range(0, node).forEach(k -> commands.clusterMeet("127.0.0.1", port(k))));
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
        node < PRIMARIES || chat.field(uri(node), "replication", "master_link_status").equals("up");
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

  /** A replica that a primary has now. */
  public int replicaOf(int primary) {
    String id = id(primary);
    for (int i = 0; i < nodes.size(); i++) {
      if (isAlive(i)
          && chat.ask(uri(i), RedisCommands::clusterNodes)
              .lines()
              .anyMatch(line -> line.contains("myself,slave " + id))) {
        return i;
      }
    }
    throw new IllegalStateException("node " + primary + " has no replica");
  }

  /** Waits until a replica has become a primary. */
  public void awaitTakeOver(int replica) {
    Await.until(
        "node " + replica + " takes over",
        Duration.ofSeconds(30),
        () -> chat.field(uri(replica), "replication", "role").equals("master"));
  }

  /** Waits until a replica has all that its primary has. */
  public void awaitInStep(int primary, int replica) {
    Await.until(
        "node " + replica + " is in step with " + primary,
        Duration.ofSeconds(30),
        () -> offset(replica, "slave_repl_offset").equals(offset(primary, "master_repl_offset")));
  }

  private String offset(int node, String field) {
    return chat.field(uri(node), "replication", field);
  }

  /** Ends the replication to a replica, which can't begin it again until it is healed. */
  public void cutOff(int primary, int replica) {
    tell(replica, commands -> commands.configSet("masterauth", "wrong"));
    tell(primary, commands -> commands.clientKill(KillArgs.Builder.typeSlave()));
    Await.until(
        "the replica is cut off",
        Duration.ofSeconds(10),
        () -> chat.field(uri(replica), "replication", "master_link_status").equals("down"));
  }

  /** Lets a node replicate again. */
  public void heal(int node) {
    tell(node, commands -> commands.configSet("masterauth", ""));
  }

  /** Ends a node as a crash would. */
  public void crash(int node) {
    nodes.get(node).crash();
  }

  /** Starts a node again on its data. */
  public void restart(int node) {
    nodes.get(node).restart();
  }

  /** Moves a slot with all its keys to another node, key by key, as resharding does. */
  public void move(int slot, int from, int to) {
    beginMove(slot, from, to);
    moveKeys(slot, from, to);
    endMove(slot, from, to);
  }

  /** The first step of a move: the nodes know, and no key has moved. */
  public void beginMove(int slot, int from, int to) {
    String source = id(from);
    String target = id(to);
    tell(to, commands -> commands.clusterSetSlotImporting(slot, source));
    tell(from, commands -> commands.clusterSetSlotMigrating(slot, target));
  }

  /** The second: the keys have moved, and the slot still belongs to the old node. */
  public void moveKeys(int slot, int from, int to) {
    tell(
        from,
        commands -> {
          for (List<String> keys = commands.clusterGetKeysInSlot(slot, 10);
              !keys.isEmpty();
              keys = commands.clusterGetKeysInSlot(slot, 10)) {
            commands.migrate(
                "127.0.0.1", port(to), 0, 10_000, io.lettuce.core.MigrateArgs.Builder.keys(keys));
          }
        });
  }

  /** The last: the slot belongs to the new node. */
  public void endMove(int slot, int from, int to) {
    String target = id(to);
    for (int node : List.of(to, from)) {
      tell(node, commands -> commands.clusterSetSlotNode(slot, target));
    }
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
