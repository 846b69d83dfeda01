package dev.headwater.redis;

import static dev.headwater.redis.Commits.append;
import static dev.headwater.redis.Commits.commit;
import static dev.headwater.redis.Commits.newStream;
import static io.lettuce.core.protocol.CommandType.ACL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.event.Metadata;
import dev.headwater.event.Position;
import dev.headwater.event.StreamId;
import dev.headwater.redis.check.CheckReport;
import dev.headwater.redis.testing.RedisCluster;
import dev.headwater.store.AppendResult.StoreBehind;
import dev.headwater.store.Durability;
import dev.headwater.store.EventStore;
import dev.headwater.store.StoreWentBackException;
import dev.headwater.store.SubscriptionSpec;
import dev.headwater.tck.DurabilityContract;
import dev.headwater.tck.EventStoreFixture;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What may happen to a cluster while it is written and read. */
class RedisClusterTest {
  private static final AtomicInteger NAMESPACES = new AtomicInteger();
  private static RedisCluster cluster;

  private final RedisStoreOptions options =
      cluster
          .store()
          .withNamespace("store" + NAMESPACES.incrementAndGet())
          .withTimeouts(
              Duration.ofSeconds(2),
              Duration.ofSeconds(20),
              Duration.ofSeconds(2),
              Duration.ofSeconds(30));

  @BeforeAll
  static void start() {
    cluster = new RedisCluster(1);
  }

  @AfterAll
  static void end() {
    cluster.close();
  }

  private String log(int partition) {
    return options.namespace() + ":{" + partition + "}:log";
  }

  @Nested
  class Nodes {
    @Test
    void the_partitions_are_on_several_nodes_and_all_are_found() {
      try (var store = RedisEventStore.connect(options)) {
        for (int i = 0; i < 40; i++) {
          append(store, commit(newStream(), 0, 1));
        }
        assertThat(List.of(0, 1, 2, 3).stream().map(p -> cluster.primaryOf(log(p))).distinct())
            .hasSizeGreaterThan(1);
      }
    }

    @Test
    void are_all_checked() {
      try (var store = RedisEventStore.connect(options)) {
        for (int i = 0; i < 40; i++) {
          append(store, commit(newStream(), 0, 1));
        }
        CheckReport whole = StoreCheck.run(options, finding -> {});
        assertThat(whole.events()).isEqualTo(40);
        assertThat(whole.isConsistent()).isTrue();
        for (int p = 0; p < store.partitionCount(); p++) {
          String orphan = options.namespace() + ":{" + p + "}:s:Order:orphan";
          cluster.tell(
              cluster.primaryOf(log(p)),
              commands ->
                  commands.xadd(
                      orphan,
                      new XAddArgs().id("1-0"),
                      Map.of("c", "x", "t", "A#1", "m", "{\"at\":1}", "d", "{}")));
        }
        assertThat(StoreCheck.run(options, finding -> {}).findings()).isGreaterThanOrEqualTo(4);
      }
    }

    @Test
    void the_address_of_one_of_them_stands_for_all() {
      RedisStoreOptions one =
          RedisStoreOptions.at(cluster.uri(1)).withNamespace(options.namespace());
      try (var store = RedisEventStore.connect(one)) {
        for (int i = 0; i < 40; i++) {
          StreamId stream = newStream();
          append(store, commit(stream, 0, 1));
          assertThat(store.readAll(stream, 1)).hasSize(1);
        }
      }
    }
  }

  @Nested
  class A_user_with_few_permissions {
    /** Those of the documentation for a single server, and three more. */
    private static final String RULES =
        "on >secret ~*:* -@all +@connection +client|setname +wait +info "
            + "+cluster|info +cluster|nodes +cluster|slots +cluster|shards "
            + "+cluster|myid +eval +evalsha +script|load +hget +hlen +hmget +hset "
            + "+hsetnx +xlen +xadd +xrange +xrevrange +xinfo|stream +xread "
            + "+xgroup|create +xgroup|setid +xreadgroup +get +set +rename "
            + "+info +cluster|nodes +asking";

    @Test
    void writes_and_reads_all_partitions() throws Exception {
      for (int i = 0; i < cluster.size(); i++) {
        cluster.tell(i, commands -> commands.dispatch(ACL, status(), setUser()));
      }
      RedisStoreOptions asUser =
          RedisStoreOptions.at(cluster.uri().replace("//", "//app:secret@"))
              .withNamespace(options.namespace());
      try (var store = RedisEventStore.connect(asUser);
          var follower = new Follower(store, "group")) {
        Load load = new Load(store, Durability.memory(), Commits::newStream);
        load.awaitMore(100);
        load.stop();
        follower.awaitEnd(store);
        assertThat(follower.events()).isEqualTo(load.commits());
        assertThat(store.toString()).doesNotContain("secret");
      }
    }

    private static StatusOutput<String, String> status() {
      return new StatusOutput<>(StringCodec.UTF8);
    }

    private static CommandArgs<String, String> setUser() {
      CommandArgs<String, String> args =
          new CommandArgs<>(StringCodec.UTF8).add("SETUSER").add("app");
      for (String rule : RULES.split(" ", -1)) {
        args.add(rule);
      }
      return args;
    }
  }

  @Nested
  class Levels_of_durability extends DurabilityContract {
    @Override
    protected EventStoreFixture fixture() {
      return new EventStoreFixture() {
        @Override
        public EventStore open() {
          return RedisEventStore.connect(
              options.withDurability(Durability.memory(), Duration.ofMillis(200)));
        }

        @Override
        public Durability strongest() {
          return Durability.replicated(1);
        }
      };
    }
  }

  @Nested
  class A_node_that_forgets_its_scripts {
    @Test
    void is_told_them_again_without_an_error() throws Exception {
      try (var store = RedisEventStore.connect(options)) {
        Load load = new Load(store, Durability.memory(), Commits::newStream);
        for (int i = 0; i < 5; i++) {
          load.awaitMore(50);
          cluster.tell(cluster.primaryOf(log(i % 4)), commands -> commands.scriptFlush());
        }
        load.awaitMore(50);
        load.stop();
        load.verify(store);
      }
    }
  }

  @Nested
  class A_slot_that_moves_to_another_node {
    private final int slot = SlotHash.getSlot(log(0));
    private final int from = cluster.primaryOf(log(0));
    private final int to = (from + 1) % 3;

    @Test
    void costs_writers_and_readers_no_error() throws Exception {
      try (var store = RedisEventStore.connect(options.withCommandWindow(20));
          var follower = new Follower(store, "group")) {
        Load load = new Load(store, Durability.memory(), Load.in(store, 0));
        load.awaitMore(200);

        cluster.move(slot, from, to);

        load.awaitMore(200);
        load.stop();
        load.verify(store);
        assertThat(cluster.primaryOf(log(0))).isEqualTo(to);
        follower.awaitEnd(store);
        assertThat(follower.events()).isEqualTo(load.commits());
        assertThat(follower.interruptions()).isZero();
      }
    }

    @Test
    void is_written_and_read_where_its_keys_are_before_it_has_another_owner() throws Exception {
      try (var store = RedisEventStore.connect(options.withCommandWindow(20));
          var follower = new Follower(store, "group")) {
        Load load = new Load(store, Durability.memory(), Load.in(store, 0));
        load.awaitMore(100);
        load.beginNewStreams(false);
        load.awaitMore(100);

        cluster.beginMove(slot, from, to);
        load.awaitMore(200); // so the kept ids would have been turned over
        cluster.moveKeys(slot, from, to);
        load.awaitMore(50);
        cluster.tell(to, commands -> commands.scriptFlush());
        load.awaitMore(200);
        cluster.endMove(slot, from, to);

        load.awaitMore(100);
        load.stop();
        load.verify(store);
        follower.awaitEnd(store);
        assertThat(follower.events()).isEqualTo(load.commits());
        assertThat(follower.interruptions()).isZero();
        assertThat(StoreCheck.run(options, finding -> {}).findings()).isZero();
      }
    }
  }

  @Nested
  @Tag("faults")
  class A_primary_that_dies {
    @Test
    void loses_nothing_that_was_acknowledged_as_replicated() throws Exception {
      try (var store = RedisEventStore.connect(options)) {
        Load load = new Load(store, Durability.replicated(1), Commits::newStream);
        load.awaitMore(100);
        int victim = cluster.primaryOf(log(0));
        int replica = cluster.replicaOf(victim);

        cluster.crash(victim);
        cluster.awaitTakeOver(replica);
        cluster.restart(victim); // without it the level can't be reached any more

        load.awaitMore(200);
        load.stop();
        try (var fresh = RedisEventStore.connect(options)) {
          load.verifyAsWhole(fresh);
        }
        assertThat(StoreCheck.run(options, finding -> {}).findings()).isZero();
        cluster.awaitWhole();
      }
    }

    @Test
    void is_survived_by_a_subscription_without_gap_or_double() throws Exception {
      try (var store = RedisEventStore.connect(options);
          var follower = new Follower(store, "group")) {
        Load before = new Load(store, Durability.memory(), Commits::newStream);
        before.awaitMore(100);
        before.stop();
        follower.awaitEnd(store);
        int victim = cluster.primaryOf(log(0));
        int replica = cluster.replicaOf(victim);
        cluster.awaitInStep(victim, replica);

        cluster.crash(victim);
        Load after = new Load(store, Durability.memory(), Commits::newStream);
        after.awaitMore(100);
        after.stop();

        follower.awaitEnd(store);
        assertThat(follower.events()).isEqualTo(before.commits() + after.commits());
        cluster.restart(victim);
        cluster.awaitWhole();
      }
    }
  }

  @Nested
  @Tag("faults")
  class A_replica_that_lagged_and_became_the_primary {
    @Test
    void is_noticed_by_who_has_seen_what_it_lacks() {
      try (var store = RedisEventStore.connect(options)) {
        var counters = Counters.on(store);
        String counter = counterIn(store, 0);
        counters.handle(counter, "first", Metadata.atMicros(1), 1).join();
        StreamId stream = Load.in(store, 0).get();
        append(store, commit(stream, 0, 2));
        int primary = cluster.primaryOf(log(0));
        int replica = cluster.replicaOf(primary);
        cluster.awaitInStep(primary, replica);
        cluster.cutOff(primary, replica);
        counters.handle(counter, "lost", Metadata.atMicros(1), 1).join();
        Position seen = append(store, commit(stream, 2, 1)).position();

        cluster.crash(primary);
        cluster.awaitTakeOver(replica);

        assertThat(store.appendAndWait(commit(stream, 3, 1)))
            .isEqualTo(new StoreBehind(stream, 3, 2));
        assertThat(counters.handle(counter, "next", Metadata.atMicros(1), 1))
            .failsWithin(Duration.ofSeconds(10))
            .withThrowableThat()
            .havingCause()
            .isInstanceOf(StoreWentBackException.class);
        assertThatThrownBy(
                () ->
                    store.subscribe(
                        new SubscriptionSpec("group", "one", List.of(seen), type -> true, 100)))
            .isInstanceOf(StoreWentBackException.class)
            .hasMessageContaining("rebuild the projection");
        assertThat(store.head(0).sequence()).isEqualTo(3);

        cluster.heal(replica);
        cluster.restart(primary);
        cluster.awaitWhole();
      }
    }

    private String counterIn(RedisEventStore store, int partition) {
      int i = 0;
      while (store.partitionOf(new StreamId("Counter", "c" + i)) != partition) {
        i++;
      }
      return "c" + i;
    }
  }
}
