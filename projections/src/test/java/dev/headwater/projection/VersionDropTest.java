package dev.headwater.projection;

import static dev.headwater.projection.Fixture.LONG;
import static dev.headwater.projection.Fixture.await;
import static dev.headwater.projection.Fixture.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.event.Position;
import dev.headwater.event.StreamId;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.readmodel.DatabaseTest;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.redis.testing.TestRedis;
import dev.headwater.store.Deliveries;
import dev.headwater.store.DeliverySpec;
import dev.headwater.store.EventStore;
import dev.headwater.store.ForgetGroup;
import dev.headwater.store.ReadPartitions;
import dev.headwater.store.StoreUnavailableException;
import dev.headwater.store.SubscribeToPartitions;
import dev.headwater.store.Subscription;
import dev.headwater.store.SubscriptionSpec;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DatabaseTest
class VersionDropTest extends VersionsFixture {
  private Map<String, Long> rowsOf(ProjectionId id) throws SQLException {
    return VersionRows.of(database, id);
  }

  @Nested
  class Dropping {
    @Test
    void refuses_the_version_that_serves() {
      ProjectionVersions versions = versions(Totals.first());
      versions.prepare();
      assertThatThrownBy(() -> versions.drop(FIRST))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("serves; switch to another version");
    }

    @Test
    void ends_the_version_where_it_runs_and_leaves_no_row_behind() throws SQLException {
      fixture.deposit(20);
      ProjectionVersions versions = versions(new Totals.But("a3", 1));
      versions.prepare();
      versions.rebuild("totals");
      try (ProjectionRunner runner = started(versions)) {
        Fixture.assertCaughtUp(runner);
        assertThat(rowsOf(SECOND))
            .containsOnlyKeys(
                "lineage",
                "parked_aggregate",
                "parked_event",
                "projection_checkpoint",
                "projection_lease",
                "projection_version",
                "runner_projection");
        versions.drop(SECOND);
        ProjectionStatus dropped = runner.status("totals@2");
        assertThat(dropped.state()).isEqualTo(ProjectionState.DROPPED);
        assertThat(dropped.lastError()).contains("there is no version totals@2: it was dropped");
        assertThat(rowsOf(SECOND)).isEmpty();
        fixture.deposit(10);
        Fixture.assertCaughtUp(runner);
      }
      assertThat(rowsOf(SECOND)).isEmpty();
      assertThat(rowsOf(FIRST)).containsKeys("lineage", "parked_event", "projection_checkpoint");
      assertThatThrownBy(() -> execute(database, "SELECT * FROM totals_v2.total"))
          .isInstanceOf(SQLException.class);
    }

    @Test
    void of_the_one_that_served_leaves_nothing_to_roll_back_to() throws SQLException {
      fixture.deposit(10);
      ProjectionVersions versions = versions(Totals.first());
      versions.prepare();
      versions.rebuild("totals");
      try (ProjectionRunner runner = started(versions)) {
        Fixture.assertCaughtUp(runner);
        versions.switchTo(SECOND, LONG);
        versions.drop(FIRST);
        fixture.deposit(10);
        Fixture.assertCaughtUp(runner);
        assertThat(movements()).isEqualTo(60);
      }
      assertThat(states(versions)).isEqualTo(Map.of(SECOND, VersionState.SERVING));
      assertThat(versions.prepare()).extracting(Projection::version).containsExactly(2);
      assertThatThrownBy(() -> versions.rollBack("totals", LONG))
          .hasMessageContaining("no version of projection totals is kept");
      assertThat(versions.rebuild("totals")).isEqualTo(new ProjectionId("totals", 3));
    }

    @Test
    void ends_it_too_where_an_instance_only_stands_by() throws SQLException {
      InMemoryEventStore one = new InMemoryEventStore(1);
      ProjectionVersions versions =
          new ProjectionVersions(one, Accounts.CODEC, database, List.of(Totals.first()));
      versions.prepare();
      versions.rebuild("totals");
      try (ProjectionRunner first = started(versions);
          ProjectionRunner second = started(versions)) {
        await(() -> isStandBy(first) != isStandBy(second));
        versions.drop(SECOND);
        assertThat(first.status("totals@2").state()).isEqualTo(ProjectionState.DROPPED);
        assertThat(second.status("totals@2").state()).isEqualTo(ProjectionState.DROPPED);
        assertThat(rowsOf(SECOND)).isEmpty();
      }
    }

    private boolean isStandBy(ProjectionRunner runner) {
      return runner.status("totals@2").state() == ProjectionState.STANDBY;
    }

    @Test
    void leaves_nothing_to_a_runner_that_was_made_before_and_is_started_after() throws Exception {
      ProjectionVersions versions = versions(Totals.first());
      versions.prepare();
      versions.rebuild("totals");
      try (ProjectionRunner runner = versions.runner(Fixture.QUICK)) {
        versions.drop(SECOND);
        runner.start();
        Fixture.awaitState(runner, "totals@2", ProjectionState.DROPPED);
        Fixture.assertCaughtUp(runner);
      }
      assertThat(rowsOf(SECOND)).isEmpty();
    }
  }

  /** Fails until it is mended. */
  private static final class Refusing
      implements ReadPartitions, SubscribeToPartitions, ForgetGroup {
    private final EventStore store;
    private boolean mended;

    Refusing(EventStore store) {
      this.store = store;
    }

    @Override
    public int partitionCount() {
      return store.partitionCount();
    }

    @Override
    public int partitionOf(StreamId stream) {
      return store.partitionOf(stream);
    }

    @Override
    public Position head(int partition) {
      return store.head(partition);
    }

    @Override
    public Subscription subscribe(SubscriptionSpec spec) {
      return store.subscribe(spec);
    }

    @Override
    public void forget(String group) {
      if (!mended) {
        throw new StoreUnavailableException("it is away", null);
      }
    }
  }

  @Nested
  class The_group_in_the_store {
    @Test
    void is_gone_from_redis(@TempDir Path folder) {
      RedisServerOptions options = RedisServerOptions.in(folder).withBinary(TestRedis.binary());
      try (RedisServer redis = RedisServer.start(options);
          RedisEventStore store = RedisEventStore.connect(RedisStoreOptions.at(redis.uri()))) {
        Accounts.append(store, "a", Accounts.deposited("a", 1));
        ProjectionVersions versions =
            new ProjectionVersions(store, Accounts.CODEC, database, List.of(Totals.first()));
        versions.prepare();
        versions.rebuild("totals");
        try (ProjectionRunner runner = started(versions)) {
          Fixture.assertCaughtUp(runner);
          versions.drop(SECOND);
          Accounts.append(store, "a", Accounts.deposited("a", 2));
          Fixture.assertCaughtUp(runner);
        }
        assertThat(isKnown(store, "totals@1")).isTrue();
        assertThat(isKnown(store, "totals@2")).isFalse();
      }
    }

    /** One that is known goes on where it was, instead of at the first event. */
    private static boolean isKnown(RedisEventStore store, String group) {
      List<Position> starts =
          IntStream.range(0, store.partitionCount())
              .mapToObj(partition -> Position.start(partition, store.head(partition).epoch()))
              .toList();
      DeliverySpec spec = new DeliverySpec(group, "test", starts, type -> true, 10, LONG);
      try (Deliveries deliveries = store.deliver(spec)) {
        return deliveries.poll(Duration.ofMillis(100)).stream()
            .flatMap(delivered -> delivered.events().stream())
            .noneMatch(event -> event.event().version() == 1);
      }
    }

    @Test
    void is_removed_by_the_next_call_where_the_store_was_away() throws SQLException {
      Refusing store = new Refusing(fixture.store);
      ProjectionVersions versions =
          new ProjectionVersions(store, Accounts.CODEC, database, List.of(Totals.first()));
      versions.prepare();
      versions.rebuild("totals");
      assertThatThrownBy(() -> versions.drop(SECOND)).isInstanceOf(StoreUnavailableException.class);
      assertThat(states(versions)).containsEntry(SECOND, VersionState.DROPPING);
      store.mended = true;
      versions.drop(SECOND);
      assertThat(rowsOf(SECOND)).isEmpty();
    }
  }
}
