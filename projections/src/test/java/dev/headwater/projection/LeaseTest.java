package dev.headwater.projection;

import static dev.headwater.projection.Fixture.LONG;
import static dev.headwater.projection.Fixture.assertCaughtUp;
import static dev.headwater.projection.Fixture.await;
import static dev.headwater.projection.Fixture.balances;
import static dev.headwater.projection.Fixture.execute;
import static dev.headwater.projection.Fixture.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.Position;
import dev.headwater.projection.Accounts.Balances;
import dev.headwater.projection.Accounts.Ledger;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LeaseTest extends OnEachDatabase {
  private long partitionsOf(ProjectionRunner runner, String projection) {
    return number(
        database,
        "SELECT COUNT(*) FROM headwater.projection_owner WHERE projection = '"
            + projection
            + "' AND owner = '"
            + runner.instance()
            + "'");
  }

  private void awaitPartitions(ProjectionRunner runner, String projection, int count) {
    await(() -> partitionsOf(runner, projection) == count);
  }

  @Nested
  class Runners_share_the_partitions {
    @Test
    void fairly_and_each_projection_is_exact() throws Exception {
      try (ProjectionRunner first =
              fixture.runner(database, Fixture.FOR_EVER, new Balances(), new Ledger());
          ProjectionRunner second =
              fixture.runner(database, Fixture.FOR_EVER, new Balances(), new Ledger())) {
        first.start();
        awaitPartitions(first, "balances", 4);
        Thread writer = Thread.ofPlatform().start(() -> fixture.deposit(3_000));
        second.start();
        awaitPartitions(second, "balances", 2);
        awaitPartitions(second, "ledger", 2);
        writer.join();
        assertCaughtUp(first);
        assertCaughtUp(second);
        assertThat(balances(database)).isEqualTo(fixture.expected());
        assertThat(Fixture.ledger(database)).isEqualTo(fixture.expected());
        assertThat(first.status("balances").partitions())
            .extracting(ProjectionStatus.Partition::here)
            .hasSize(4)
            .contains(true, false);
      }
    }

    @Test
    void and_one_that_is_left_over_stands_by_until_another_ends() {
      try (ProjectionRunner spare = fixture.runner(database, Fixture.FOR_EVER, new Balances())) {
        try (ProjectionRunner a = fixture.runner(database, Fixture.FOR_EVER, new Balances());
            ProjectionRunner b = fixture.runner(database, Fixture.FOR_EVER, new Balances());
            ProjectionRunner c = fixture.runner(database, Fixture.FOR_EVER, new Balances());
            ProjectionRunner d = fixture.runner(database, Fixture.FOR_EVER, new Balances())) {
          a.start();
          b.start();
          c.start();
          d.start();
          awaitPartitions(d, "balances", 1);
          spare.start();
          await(() -> number(database, "SELECT COUNT(*) FROM headwater.runner_instance") == 5);
          fixture.deposit(100);
          assertCaughtUp(spare);
        }
        awaitPartitions(spare, "balances", 4);
        fixture.deposit(100);
        assertCaughtUp(spare);
        assertThat(balances(database)).isEqualTo(fixture.expected());
      }
    }

    @Test
    void and_leave_them_to_the_others_when_a_projection_fails_on_one() {
      Projection broken =
          new Balances() {
            @Override
            public void define(EventHandlers on) {
              on.event(
                  Accounts.Deposited.class,
                  (event, recorded, rows) -> {
                    throw new IllegalStateException("only here");
                  });
            }
          };
      RunnerSettings strict = Fixture.FOR_EVER.withParking(ParkingLimit.of(0));
      try (ProjectionRunner sound = fixture.runner(database, strict, new Balances());
          ProjectionRunner sick = fixture.runner(database, strict, broken)) {

        sound.start();
        sick.start();
        awaitPartitions(sick, "balances", 2);
        fixture.deposit(100);
        awaitPartitions(sound, "balances", 4);
        assertCaughtUp(sound);
        assertThat(sick.status("balances").state()).isEqualTo(ProjectionState.FAILED);
        assertThat(balances(database)).isEqualTo(fixture.expected());
      }
    }
  }

  @Nested
  class Whoever_has_lost_a_partition_writes_nothing_there {
    @Test
    void because_the_token_is_another_one() throws Exception {
      try (ProjectionRunner runner = fixture.runner(database, Fixture.FOR_EVER, new Balances())) {
        runner.start();
        fixture.deposit(10);
        assertCaughtUp(runner);
        // What another instance does when it takes over.
        execute(
            database,
            "INSERT INTO headwater.runner_instance VALUES"
                + " ('other', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, DATE '2999-01-01')");
        seize(0);
        long before = movements();
        fixture.deposit(100);
        Position behind = fixture.store.head(1);
        assertThat(runner.await(behind, "balances", LONG)).isEqualTo(new Awaited.Reached());
        await(
            () ->
                runner.status("balances").partitions().stream().filter(p -> p.here()).count() == 3);
        assertThat(sequence(0)).isLessThan(fixture.store.head(0).sequence());
        assertThat(movements()).isGreaterThan(before);
        execute(database, "DELETE FROM headwater.runner_instance WHERE instance = 'other'");
        assertCaughtUp(runner);
        assertThat(balances(database)).isEqualTo(fixture.expected());
      }
    }

    private void seize(int partition) throws SQLException {
      String where = " WHERE projection = 'balances' AND partition_no = " + partition;
      try (Connection connection = database.getConnection();
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        statement.execute(
            "UPDATE headwater.projection_lease SET token = 1000, owner = 'other'" + where);
        statement.execute("UPDATE headwater.projection_checkpoint SET token = 1000" + where);
        connection.commit();
      }
    }

    private long sequence(int partition) {
      return number(
          database,
          "SELECT sequence FROM headwater.projection_checkpoint WHERE projection = 'balances'"
              + " AND partition_no = "
              + partition);
    }

    private long movements() {
      return number(database, "SELECT SUM(movements) FROM account_balance");
    }
  }

  @Nested
  class A_replay_takes_all_partitions_from_all_instances {
    @Test
    void and_they_share_them_again() {
      fixture.deposit(500);
      try (ProjectionRunner first = fixture.runner(database, Fixture.FOR_EVER, new Balances());
          ProjectionRunner second = fixture.runner(database, Fixture.FOR_EVER, new Balances())) {
        first.start();
        second.start();
        awaitPartitions(first, "balances", 2);
        awaitPartitions(second, "balances", 2);
        assertCaughtUp(first);
        for (int i = 0; i < 3; i++) {
          assertThat(first.replay(Set.of("balances"), ProgressListener.NONE))
              .isEqualTo(new Awaited.Reached());
          assertThat(balances(database)).isEqualTo(fixture.expected());
          fixture.deposit(10);
        }
        awaitPartitions(first, "balances", 2);
        awaitPartitions(second, "balances", 2);
      }
    }
  }
}
