package dev.headwater.projection;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.event.Position;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.PostgresServer;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.redis.testing.TestRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Instances are processes here, on a store in Redis and a read model in PostgreSQL. */
class InstancesTest {
  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final Duration LONG_LEASE = Duration.ofMinutes(10);

  @TempDir private Path folder;
  private final List<Follower> followers = new ArrayList<>();
  private RedisServer redis;
  private RedisEventStore store;
  private String url;
  private HikariDataSource database;
  private Deposits deposits;

  @BeforeEach
  void open() {
    redis =
        RedisServer.start(
            RedisServerOptions.in(folder.resolve("redis")).withBinary(TestRedis.binary()));
    store = RedisEventStore.connect(RedisStoreOptions.at(redis.uri()));
    deposits = new Deposits(store);
    url = PostgresServer.shared().newDatabase();
    database = ReadModelDatabase.postgresql(url, PostgresServer.USER, "");
    Migrations.framework(database);
    Migrations.application(database, Movements.LOCATION);
  }

  @AfterEach
  void close() {
    followers.forEach(Follower::close);
    database.close();
    store.close();
    redis.close();
  }

  private List<Follower> start(int count, Duration lease) throws Exception {
    List<Follower.Launch> launches = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      launches.add(new Follower.Launch(redis.uri(), url, lease, folder));
    }
    List<Follower> started = new ArrayList<>();
    for (Follower.Launch launch : launches) {
      started.add(launch.await());
    }
    followers.addAll(started);
    return started;
  }

  private long partitionsOf(Follower follower) {
    return Fixture.number(
        database,
        "SELECT COUNT(*) FROM headwater.projection_owner WHERE owner = '"
            + follower.instance()
            + "'");
  }

  private List<Long> partitions(List<Follower> of) {
    return of.stream().map(this::partitionsOf).sorted().toList();
  }

  private void awaitPartitions(List<Follower> of, Long... sorted) {
    List<Long> expected = List.of(sorted);
    Fixture.await(() -> partitions(of).equals(expected));
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  @Nested
  class Three_processes_share_sixteen_partitions {
    @Test
    void within_seconds_and_leave_them_to_each_other_at_a_clean_stop_without_losing_the_order()
        throws Exception {
      try (Deposits.Load load = deposits.load()) {
        List<Follower> three = start(3, LONG_LEASE);
        awaitPartitions(three, 5L, 5L, 6L);
        three.getFirst().end();
        long ended = System.nanoTime();
        awaitPartitions(three.subList(1, 3), 8L, 8L);
        assertThat(since(ended)).isLessThan(Duration.ofSeconds(20)); // not the lease time
        assertThat(load.isAlive()).isTrue();
      }
      deposits.awaitShown(database);
      assertThat(deposits.assertExact(database)).isPositive();
    }

    @Test
    void and_take_over_from_one_that_was_killed_when_its_lease_ends() throws Exception {
      try (Deposits.Load load = deposits.load()) {
        List<Follower> three = start(3, LEASE);
        awaitPartitions(three, 5L, 5L, 6L);
        three.getFirst().kill();
        long killed = System.nanoTime();
        awaitPartitions(three.subList(1, 3), 8L, 8L);
        assertThat(since(killed)).isLessThan(LEASE.plusSeconds(10)); // the machine may be busy
        assertThat(load.isAlive()).isTrue();
      }
      deposits.awaitShown(database);
      assertThat(deposits.assertExact(database)).isPositive();
    }
  }

  @Nested
  class An_owner_that_was_paused_and_wakes_after_others_took_over {
    @Test
    void writes_nothing_of_the_transaction_in_which_it_was_paused() throws Exception {
      Follower paused = start(1, LEASE).getFirst();
      awaitPartitions(List.of(paused), 16L);
      paused.pauseInTransaction(() -> deposits.append(100));
      wakesUpInVain(paused);
    }

    @Test
    void writes_nothing_if_it_was_paused_at_any_other_moment() throws Exception {
      Follower paused = start(1, LEASE).getFirst();
      awaitPartitions(List.of(paused), 16L);
      deposits.append(100);
      paused.pause();
      deposits.append(100);
      wakesUpInVain(paused);
    }

    private void wakesUpInVain(Follower paused) throws Exception {
      Follower other = start(1, LEASE).getFirst();
      awaitPartitions(List.of(other), 16L);
      deposits.awaitShown(database);
      long rows = Fixture.number(database, "SELECT COUNT(*) FROM movement");
      long written = lastWritten();
      assertThat(deposits.assertExact(database)).isEqualTo(rows);
      paused.wake();
      awaitPartitions(List.of(paused, other), 8L, 8L);
      assertThat(lastWritten()).isEqualTo(written);
      deposits.append(100);
      deposits.awaitShown(database);
      assertThat(deposits.assertExact(database)).isGreaterThan(rows);
    }

    /** Ids are drawn by transactions that are rolled back too, so look at the rows. */
    private long lastWritten() {
      return Fixture.number(database, "SELECT MAX(id) FROM movement");
    }
  }

  @Nested
  class Whoever_writes_waits_for_a_projection_that_other_processes_run {
    @Test
    void and_then_reads_what_was_written() throws Exception {
      start(2, LEASE);
      ProjectionWatch watch =
          new ProjectionWatch(store, database, List.of(new ProjectionId("movements", 1)));
      for (int i = 0; i < 20; i++) {
        Position position = deposits.append(1);
        assertThat(watch.await(position, "movements", Fixture.LONG))
            .isEqualTo(new Awaited.Reached());
        assertThat(
                Fixture.number(
                    database,
                    "SELECT sequence FROM headwater.projection_checkpoint WHERE partition_no = "
                        + position.partition()))
            .isGreaterThanOrEqualTo(position.sequence());
      }
      assertThat(Fixture.number(database, "SELECT COUNT(DISTINCT account) FROM movement"))
          .isEqualTo(20);
    }

    @Test
    void for_a_limited_time_if_none_does() {
      ProjectionWatch watch =
          new ProjectionWatch(store, database, List.of(new ProjectionId("movements", 1)));
      assertThat(watch.await(deposits.append(1), "movements", Duration.ofMillis(50)))
          .isInstanceOf(Awaited.TimedOut.class);
    }
  }
}
