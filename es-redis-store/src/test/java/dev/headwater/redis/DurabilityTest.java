package dev.headwater.redis;

import static dev.headwater.redis.Commits.append;
import static dev.headwater.redis.Commits.commit;
import static dev.headwater.redis.Commits.newStream;
import static dev.headwater.redis.Commits.versions;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.StreamId;
import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.redis.testing.FlakyProxy;
import dev.headwater.redis.testing.NamedRedis;
import dev.headwater.redis.testing.TestRedis;
import dev.headwater.store.AppendResult;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.AppendResult.NotDurable;
import dev.headwater.store.Commit;
import dev.headwater.store.Durability;
import dev.headwater.store.EventStore;
import dev.headwater.store.Receipt;
import dev.headwater.tck.DurabilityContract;
import dev.headwater.tck.EventStoreFixture;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each level on servers that can reach it and on servers that can't. */
class DurabilityTest {
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Durability MEMORY = Durability.memory();
  private static final Durability LOCAL = Durability.local();

  /** The usual program, and those that {@code HEADWATER_REDIS_SERVERS} names. */
  static Stream<Path> binaries() {
    return Stream.concat(Stream.of(TestRedis.binary()), NamedRedis.binaries());
  }

  private static RedisServer start(Path binary, Fsync fsync) {
    return RedisServer.start(options(binary, fsync));
  }

  private static RedisServerOptions options(Path binary, Fsync fsync) {
    return RedisServerOptions.in(TestRedis.newFolder())
        .withBinary(binary)
        .withFsync(fsync)
        .withSetting("repl-diskless-sync-delay", "0"); // else a first replica waits for others
  }

  private static RedisServer replicaOf(RedisServer primary, Path binary) {
    RedisServer replica =
        RedisServer.start(
            options(binary, Fsync.EVERYSEC)
                .withSetting("replicaof", "127.0.0.1 " + primary.port()));
    tell(
        primary,
        redis -> {
          redis.set("in-step", "yes"); // to wait for: one that has just begun takes its time
          return redis.waitForReplication(1, 10_000);
        });
    return replica;
  }

  private static EventStore open(String uri) {
    return RedisEventStore.connect(
        RedisStoreOptions.at(uri)
            .withPartitions(4)
            .withDurability(MEMORY, SHORT)
            .withNamespace("test-" + newStream().id()));
  }

  private static <T> T tell(RedisServer server, Function<RedisCommands<String, String>, T> what) {
    try (RedisClient client = RedisClient.create(server.uri());
        var connection = client.connect()) {
      return what.apply(connection.sync());
    }
  }

  private static boolean hasWaitAof(RedisServer server) {
    return tell(server, redis -> redis.commandInfo("waitaof")).getFirst() instanceof List<?> info
        && !info.isEmpty();
  }

  private static void signal(RedisServer server, String signal) {
    try {
      new ProcessBuilder("kill", "-" + signal, Long.toString(server.pid())).start().waitFor();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static NotDurable notDurable(AppendResult result) {
    assertThat(result).isInstanceOf(NotDurable.class);
    return (NotDurable) result;
  }

  private record Fixture(Durability strongest, RedisServer server) implements EventStoreFixture {
    @Override
    public EventStore open() {
      return DurabilityTest.open(server.uri());
    }
  }

  /** A server whose every acknowledged write is on its disk. */
  @Nested
  class The_contract_with_appendfsync_always extends DurabilityContract {
    private static final class Holder {
      static final Fixture FIXTURE = new Fixture(LOCAL, start(TestRedis.binary(), Fsync.ALWAYS));
    }

    @Override
    protected EventStoreFixture fixture() {
      return Holder.FIXTURE;
    }
  }

  @Nested
  class The_contract_without_an_append_only_file extends DurabilityContract {
    private static final class Holder {
      static final Fixture FIXTURE =
          new Fixture(
              MEMORY,
              RedisServer.start(
                  options(TestRedis.binary(), Fsync.ALWAYS).withSetting("appendonly", "no")));
    }

    @Override
    protected EventStoreFixture fixture() {
      return Holder.FIXTURE;
    }
  }

  @Nested
  class The_contract_with_a_replica extends DurabilityContract {
    private static final class Holder {
      static final RedisServer PRIMARY = start(TestRedis.binary(), Fsync.ALWAYS);
      static final RedisServer REPLICA = replicaOf(PRIMARY, TestRedis.binary());
      static final Fixture FIXTURE = new Fixture(Durability.replicated(1), PRIMARY);
    }

    @Override
    protected EventStoreFixture fixture() {
      assertThat(Holder.REPLICA.isAlive()).isTrue();
      return Holder.FIXTURE;
    }
  }

  @Nested
  class On_each_server {
    @ParameterizedTest
    @MethodSource("dev.headwater.redis.DurabilityTest#binaries")
    void everysec_is_local_where_the_server_can_wait_for_its_disk(Path binary) {
      try (RedisServer server = start(binary, Fsync.EVERYSEC);
          EventStore store =
              RedisEventStore.connect(RedisStoreOptions.at(server.uri()).withDurability(LOCAL))) {
        for (int i = 0; i < 2; i++) {
          AppendResult result = store.appendAndWait(commit(newStream(), 0, 1));

          if (hasWaitAof(server)) {
            assertThat(Commits.receipt(result).durability()).isEqualTo(LOCAL);
          } else {
            assertThat(notDurable(result).reason())
                .contains("appendfsync is everysec", "has no WAITAOF", "appendfsync always");
          }
        }
      }
    }

    @ParameterizedTest
    @MethodSource("dev.headwater.redis.DurabilityTest#binaries")
    void without_an_append_only_file_nothing_is_local(Path binary) {
      try (RedisServer server =
              RedisServer.start(options(binary, Fsync.ALWAYS).withSetting("appendonly", "no"));
          EventStore store = open(server.uri())) {
        StreamId stream = newStream();

        NotDurable result = notDurable(store.appendAndWait(commit(stream, 0, 1), LOCAL));

        assertThat(result.reason()).contains("appendonly is no", "set appendonly yes");
        assertThat(result.receipt().durability()).isEqualTo(MEMORY);
        assertThat(versions(store, stream)).containsExactly(1L);
      }
    }

    @ParameterizedTest
    @MethodSource("dev.headwater.redis.DurabilityTest#binaries")
    void a_setting_that_changes_is_noticed(Path binary) {
      try (RedisServer server = start(binary, Fsync.ALWAYS);
          EventStore store = open(server.uri())) {
        assertThat(store.appendAndWait(commit(newStream(), 0, 1), LOCAL))
            .isInstanceOf(Appended.class);

        tell(server, redis -> redis.configSet("appendfsync", "no"));
        NotDurable result = notDurable(store.appendAndWait(commit(newStream(), 0, 1), LOCAL));
        tell(server, redis -> redis.configSet("appendfsync", "always"));

        assertThat(result.reason()).contains("appendfsync is no");
        assertThat(store.appendAndWait(commit(newStream(), 0, 1), LOCAL))
            .isInstanceOf(Appended.class);
      }
    }

    /** WAITAOF would say yes at once on a connection that has written nothing. */
    @ParameterizedTest
    @MethodSource("dev.headwater.redis.DurabilityTest#binaries")
    void what_another_connection_stored_is_not_taken_for_durable(Path binary) {
      Commit commit = commit(newStream(), 0, 1);
      try (RedisServer server = start(binary, Fsync.NO)) {
        RedisStoreOptions options = RedisStoreOptions.at(server.uri()).withDurability(LOCAL, SHORT);
        try (EventStore first = RedisEventStore.connect(options)) {
          notDurable(first.appendAndWait(commit));
        }
        try (EventStore second = RedisEventStore.connect(options)) {
          assertThat(notDurable(second.appendAndWait(commit)).receipt().duplicate()).isTrue();
          assertThat(versions(second, commit.stream())).containsExactly(1L);
        }
      }
    }

    @ParameterizedTest
    @MethodSource("dev.headwater.redis.DurabilityTest#binaries")
    void a_replica_that_stands_still_confirms_nothing_and_loses_nothing(Path binary) {
      try (RedisServer primary = start(binary, Fsync.ALWAYS);
          RedisServer replica = replicaOf(primary, binary);
          EventStore store = open(primary.uri())) {
        Durability one = Durability.replicated(1);
        Commit commit = commit(newStream(), 0, 1);
        assertThat(append(store, commit(newStream(), 0, 1), one).durability()).isEqualTo(one);

        signal(replica, "STOP");
        NotDurable stopped = notDurable(store.appendAndWait(commit, one));
        signal(replica, "CONT");

        assertThat(stopped.reason()).contains("0 of 1 replicas", "200 ms");
        assertThat(stopped.receipt().durability()).isEqualTo(LOCAL);
        assertThat(versions(store, commit.stream())).containsExactly(1L);
        tell(primary, redis -> redis.waitForReplication(1, 10_000));
        Receipt again = append(store, commit, one);
        assertThat(again.duplicate()).isTrue();
        assertThat(again.durability()).isEqualTo(one);
      }
    }
  }

  private static Receipt append(EventStore store, Commit commit, Durability level) {
    return Commits.receipt(store.appendAndWait(commit, level));
  }

  @Nested
  class When_the_primary_is_lost {
    private final Commit commit = commit(newStream(), 0, 2);

    private static RedisStoreOptions at(RedisServer server) {
      return RedisStoreOptions.at(server.uri()).withPartitions(2);
    }

    @Test
    void a_killed_server_has_what_it_acknowledged() {
      RedisServerOptions always = options(TestRedis.binary(), Fsync.ALWAYS);
      RedisServer server = RedisServer.start(always);
      try (EventStore store = RedisEventStore.connect(at(server))) {
        append(store, commit, MEMORY);
      }
      server.kill();

      try (RedisServer again = RedisServer.start(always);
          EventStore store = RedisEventStore.connect(at(again))) {
        assertThat(versions(store, commit.stream())).containsExactly(1L, 2L);
      }
    }

    @Test
    void a_promoted_replica_has_what_it_confirmed() {
      try (RedisServer primary = start(TestRedis.binary(), Fsync.ALWAYS);
          RedisServer replica = replicaOf(primary, TestRedis.binary())) {
        try (EventStore store = RedisEventStore.connect(at(primary))) {
          append(store, commit, Durability.replicated(1));
        }
        primary.kill();
        tell(replica, redis -> redis.replicaofNoOne());

        try (EventStore store = RedisEventStore.connect(at(replica))) {
          assertThat(versions(store, commit.stream())).containsExactly(1L, 2L);
          assertThat(append(store, commit, MEMORY).duplicate()).isTrue();
        }
      }
    }

    @Test
    void a_promoted_replica_lacks_what_it_did_not_confirm() {
      try (RedisServer primary = start(TestRedis.binary(), Fsync.ALWAYS);
          RedisServer replica = replicaOf(primary, TestRedis.binary())) {
        try (EventStore store = RedisEventStore.connect(at(primary))) {
          append(store, commit(newStream(), 0, 1), Durability.replicated(1));
          tell(replica, redis -> redis.replicaof("127.0.0.1", 1)); // cut off
          assertThat(append(store, commit, LOCAL).durability()).isEqualTo(LOCAL);
        }
        primary.kill();
        tell(replica, redis -> redis.replicaofNoOne());

        try (EventStore store = RedisEventStore.connect(at(replica))) {
          assertThat(versions(store, commit.stream())).isEmpty();
          assertThat(store.appendAndWait(commit(commit.stream(), 2, 1)))
              .isEqualTo(new AppendResult.StoreBehind(commit.stream(), 2, 0));
        }
      }
    }
  }

  @Nested
  class A_user_without_the_permission {
    @Test
    void to_see_the_settings_learns_what_to_grant() {
      try (RedisServer server = start(TestRedis.binary(), Fsync.ALWAYS)) {
        tell(
            server,
            redis ->
                redis.dispatch(
                    CommandType.ACL,
                    new StatusOutput<>(StringCodec.UTF8),
                    new CommandArgs<>(StringCodec.UTF8)
                        .add("SETUSER")
                        .add("app")
                        .add("on")
                        .add(">secret")
                        .add("~*")
                        .add("+@all")
                        .add("-config")));
        try (EventStore store = open("redis://app:secret@127.0.0.1:" + server.port())) {
          AppendResult result = store.appendAndWait(commit(newStream(), 0, 1), LOCAL);

          if (hasWaitAof(server)) {
            assertThat(result).isInstanceOf(Appended.class);
          } else {
            assertThat(notDurable(result).reason())
                .contains("NOPERM", "has no WAITAOF")
                .doesNotContain("secret");
          }
        }
      }
    }
  }

  @Nested
  class A_connection_that_is_lost {
    @Test
    void is_another_one_when_it_is_made_again() throws IOException {
      try (RedisServer server = start(TestRedis.binary(), Fsync.ALWAYS);
          FlakyProxy proxy = new FlakyProxy(server.port());
          RedisClient client = RedisClient.create(proxy.uri());
          var connection = client.connect(ByteArrayCodec.INSTANCE)) {
        DurabilityCheck check = new DurabilityCheck(connection, RedisStoreOptions.at(proxy.uri()));
        int before = check.incarnation();
        connection.sync().ping();
        assertThat(check.incarnation()).isEqualTo(before);

        proxy.disconnectAll();
        connection.sync().ping(); // waits until it is made again

        assertThat(check.incarnation()).isNotEqualTo(before);
      }
    }

    @Test
    void before_the_proof_came_is_no_success_until_it_is_proven_anew() throws IOException {
      try (RedisServer server = start(TestRedis.binary(), Fsync.ALWAYS);
          FlakyProxy proxy = new FlakyProxy(server.port());
          EventStore store = open(proxy.uri())) {
        StreamId stream = newStream();
        append(store, commit(stream, 0, 1), LOCAL);

        proxy.loseReplies(3);
        Receipt receipt = append(store, commit(stream, 1, 1), LOCAL);

        assertThat(proxy.repliesLost()).isPositive();
        assertThat(receipt.duplicate()).isTrue();
        assertThat(receipt.durability()).isEqualTo(LOCAL);
        assertThat(versions(store, stream)).containsExactly(1L, 2L);
      }
    }

    /** The replica stands still, so the barrier waits; then the connection goes. */
    @Test
    void while_a_barrier_waits_is_no_success() throws IOException, InterruptedException {
      try (RedisServer primary = start(TestRedis.binary(), Fsync.ALWAYS);
          RedisServer replica = replicaOf(primary, TestRedis.binary());
          FlakyProxy proxy = new FlakyProxy(primary.port());
          EventStore store = open(proxy.uri())) {
        Commit commit = commit(newStream(), 0, 1);
        signal(replica, "STOP");
        CompletableFuture<AppendResult> result = store.append(commit, Durability.replicated(1));
        while (versions(store, commit.stream()).isEmpty()) {
          Thread.sleep(1);
        }
        proxy.disconnectAll();
        AppendResult told = result.join();
        signal(replica, "CONT");

        assertThat(notDurable(told).receipt().duplicate()).isTrue();
        assertThat(versions(store, commit.stream())).containsExactly(1L);
      }
    }
  }

  @Nested
  class A_barrier_that_waits {
    @Test
    void is_shared_by_what_has_gathered_meanwhile() {
      try (RedisServer primary = start(TestRedis.binary(), Fsync.ALWAYS);
          RedisServer replica = replicaOf(primary, TestRedis.binary());
          EventStore store = open(primary.uri())) {
        signal(replica, "STOP");
        long before = waits(primary);
        List<CompletableFuture<AppendResult>> results = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          results.add(store.append(commit(newStream(), 0, 1), Durability.replicated(1)));
        }
        results.forEach(result -> notDurable(result.join()));
        signal(replica, "CONT");

        assertThat(waits(primary) - before).isBetween(1L, 3L);
      }
    }

    private static long waits(RedisServer server) {
      return tell(server, redis -> redis.info("commandstats"))
          .lines()
          .filter(line -> line.startsWith("cmdstat_wait:calls="))
          .mapToLong(line -> Long.parseLong(line.replaceAll("^.*?calls=(\\d+).*$", "$1")))
          .sum();
    }

    @Test
    void outlasts_a_reply_timeout_without_losing_the_connection() {
      try (RedisServer server = start(TestRedis.binary(), Fsync.ALWAYS);
          EventStore store =
              RedisEventStore.connect(
                  RedisStoreOptions.at(server.uri())
                      .withTimeouts(
                          Duration.ofSeconds(5),
                          Duration.ofSeconds(5),
                          Duration.ofMillis(100),
                          Duration.ofSeconds(10))
                      .withDurability(MEMORY, Duration.ofMillis(400)))) {
        AppendResult result =
            store.appendAndWait(commit(newStream(), 0, 1), Durability.replicated(1));

        assertThat(notDurable(result).receipt().duplicate()).isFalse();
      }
    }
  }
}
