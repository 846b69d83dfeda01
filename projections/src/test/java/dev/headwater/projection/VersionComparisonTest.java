package dev.headwater.projection;

import static dev.headwater.projection.Fixture.LONG;
import static dev.headwater.projection.Fixture.execute;
import static dev.headwater.projection.Fixture.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.StreamId;
import dev.headwater.readmodel.DatabaseTest;
import dev.headwater.readmodel.RowDifference;
import dev.headwater.readmodel.TableComparison;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DatabaseTest
class VersionComparisonTest extends VersionsFixture {
  @Nested
  class Comparing {
    @Test
    void finds_nothing_in_a_rebuild_by_the_same_code_while_events_are_stored() throws Exception {
      fixture.deposit(100);
      ProjectionVersions versions = versions(Totals.first());
      versions.prepare();
      versions.rebuild("totals");
      try (ProjectionRunner runner = started(versions)) {
        Fixture.assertCaughtUp(runner);
        AtomicBoolean stop = new AtomicBoolean();
        Thread writer =
            Thread.ofPlatform()
                .start(
                    () -> {
                      while (!stop.get()) {
                        trickle();
                      }
                    });
        for (int i = 0; i < 3; i++) {
          Comparison comparison = versions.compare(SECOND, LONG, 5);
          assertThat(comparison.positionsApart()).isZero();
          assertThat(comparison.isSame()).as(comparison.toString()).isTrue();
          assertThat(comparison.tables()).hasSize(2);
        }
        stop.set(true);
        writer.join();
        Fixture.assertCaughtUp(runner);
        assertThat(number(database, "SELECT COUNT(*) FROM totals_v2.movement"))
            .as("the comparison has left nothing behind")
            .isEqualTo(movements());
      }
      assertThat(versions.list().getLast().compared()).matches(last -> last != null && last.same());
    }

    @Test
    void shows_rows_that_differ_by_their_key() throws SQLException {
      fixture.deposit(10);
      ProjectionVersions versions = versions(Totals.first());
      versions.prepare();
      versions.rebuild("totals");
      try (ProjectionRunner runner = started(versions)) {
        Fixture.assertCaughtUp(runner);
      }
      execute(database, "UPDATE totals_v2.total SET amount = 7 WHERE account = 'a3'");
      execute(database, "DELETE FROM totals_v2.total WHERE account = 'a4'");
      execute(database, "DELETE FROM totals_v1.total WHERE account = 'a5'");
      execute(database, "DELETE FROM totals_v2.movement WHERE account = 'a6' AND version = 2");
      Comparison comparison = versions.compare(SECOND, LONG, 10);
      assertThat(comparison.isSame()).isFalse();
      TableComparison total = comparison.tables().getFirst();
      assertThat(total.serving().rows()).isEqualTo(9);
      assertThat(total.differing()).isEqualTo(3);
      assertThat(total.sample())
          .containsExactly(
              new RowDifference(
                  Map.of("account", "a3"), Map.of("amount", "12.00"), Map.of("amount", "7.00")),
              new RowDifference(
                  Map.of("account", "a4"), Map.of("amount", "15.00", "made_by", "first"), null),
              new RowDifference(
                  Map.of("account", "a5"), null, Map.of("amount", "18.00", "made_by", "first")));
      TableComparison movement = comparison.tables().getLast();
      assertThat(movement.differing()).isEqualTo(1);
      assertThat(movement.sample().getFirst().key())
          .isEqualTo(Map.of("account", "a6", "version", "2"));
      assertThat(versions.compare(SECOND, LONG, 1).tables().getFirst().sample()).hasSize(1);
      assertThat(versions.list().getLast().compared())
          .matches(last -> last != null && !last.same());
    }

    @Test
    void names_aggregates_that_one_of_them_has_parked() {
      fixture.deposit(20);
      ProjectionVersions versions = versions(Totals.first(), new Totals(2, "first", 1));
      try (ProjectionRunner runner = started(versions)) {
        Fixture.assertCaughtUp(runner);
      }
      ProjectionVersions poisoned = versions(Totals.first(), new Totals.But("a3", 2));
      fixture.deposit(20);
      try (ProjectionRunner first = fixture.runner(database, Totals.first())) {
        first.start();
        Fixture.assertCaughtUp(first);
      }
      Comparison before = poisoned.compare(SECOND, LONG, 10);
      assertThat(before.positionsApart()).as("it is brought forward for the moment").isZero();
      assertThat(before.parkedOther()).as("would be parked").containsExactly(A3);
      try (ProjectionRunner runner = started(poisoned)) {
        Fixture.assertCaughtUp(runner);
      }
      Comparison after = poisoned.compare(SECOND, LONG, 10);
      assertThat(after.isSame()).isFalse();
      assertThat(after.parkedServing()).isEmpty();
      assertThat(after.parkedOther()).containsExactly(A3);
      assertThat(after.tables().getFirst().sample())
          .extracting(RowDifference::key)
          .containsExactly(Map.of("account", "a3"));
      assertThat(poisoned.switchTo(SECOND, LONG)).isInstanceOf(SwitchResult.Switched.class);
      Comparison other = poisoned.compare(FIRST, LONG, 10);
      assertThat(other.parkedServing()).containsExactly(A3);
      assertThat(other.parkedOther()).isEmpty();
    }

    private static final StreamId A3 = new StreamId("Account", "a3");

    @Test
    void looks_at_common_columns_and_names_the_others() {
      fixture.deposit(10);
      ProjectionVersions versions = versions(new Totals(1, "reshaped", 1), new Totals.Reshaped(2));
      try (ProjectionRunner runner = started(versions)) {
        Fixture.assertCaughtUp(runner);
      }
      Comparison comparison = versions.compare(SECOND, LONG, 10);
      assertThat(comparison.isSame()).isTrue();
      assertThat(comparison.onlyServing()).containsExactly("rich");
      assertThat(comparison.tables().getFirst().columnsOnlyOther()).containsExactly("movements");
      assertThat(comparison.tables().getLast().columnsOnlyServing()).containsExactly("made_by");
    }
  }
}
