package dev.headwater.projection;

import static dev.headwater.projection.Fixture.LONG;
import static dev.headwater.projection.Fixture.await;
import static dev.headwater.projection.Fixture.execute;
import static dev.headwater.projection.Fixture.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.readmodel.DatabaseTest;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DatabaseTest
class VersionDropTest extends VersionsFixture {
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
    void removes_the_schema_and_stops_who_still_runs_it() {
      fixture.deposit(10);
      ProjectionVersions versions = versions(Totals.first());
      versions.prepare();
      versions.rebuild("totals");
      try (ProjectionRunner runner = started(versions)) {
        Fixture.assertCaughtUp(runner);
        versions.switchTo(SECOND, LONG);
        versions.drop(FIRST);
        fixture.deposit(10);
        await(() -> runner.status("totals@1").state() == ProjectionState.STOPPED);
        assertThat(runner.status("totals@1").lastError()).contains("it was dropped");
        await(() -> movements() == 60);
      }
      assertThat(states(versions)).isEqualTo(Map.of(SECOND, VersionState.SERVING));
      assertThat(
              number(
                  database,
                  "SELECT COUNT(*) FROM headwater.projection_checkpoint WHERE version = 1"))
          .isZero();
      assertThatThrownBy(() -> execute(database, "SELECT * FROM totals_v1.total"))
          .isInstanceOf(SQLException.class);
      assertThat(versions.prepare()).extracting(Projection::version).containsExactly(2);
      assertThatThrownBy(() -> versions.rollBack("totals", LONG))
          .hasMessageContaining("no version of projection totals is kept");
      assertThat(versions.rebuild("totals")).isEqualTo(new ProjectionId("totals", 3));
    }
  }
}
