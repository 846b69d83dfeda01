package dev.headwater.projection.test;

import static dev.headwater.projection.test.Columns.columns;
import static dev.headwater.projection.test.Key.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.projection.EventHandlers;
import dev.headwater.projection.test.Meters.Assigned;
import dev.headwater.projection.test.Meters.Broken;
import dev.headwater.projection.test.Meters.Read;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ProjectionFixtureTest {
  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

  @RegisterExtension
  final ProjectionFixture meters = ProjectionFixture.of(new Meters(), Meters.CODEC);

  private static AbstractThrowableAssert<?, ? extends Throwable> assertFails(
      ThrowingCallable expectation) {
    return assertThatThrownBy(expectation).isInstanceOf(AssertionError.class);
  }

  String vendor() throws SQLException {
    try (Connection connection = meters.database().getConnection()) {
      return connection.getMetaData().getDatabaseProductName();
    }
  }

  @Test
  void databases_are_h2_unless_said_otherwise() throws SQLException {
    assertThat(vendor()).isEqualTo("H2");
  }

  @Test
  @OnPostgreSql
  void a_test_can_be_on_postgresql() throws SQLException {
    assertThat(vendor()).isEqualTo("PostgreSQL");
  }

  @Nested
  class Events {
    @Test
    void change_rows_under_the_stream_the_time_and_the_actor_that_were_set() {
      meters
          .in("Meter", "m1")
          .at(NOON)
          .given(new Read(5), new Read(6))
          .after(Duration.ofMinutes(1))
          .by("anna")
          .when(new Read(7), new Assigned("carl"))
          .thenRow(
              "meter",
              key("m1"),
              columns("total", 18, "last", 7, "owner", "carl", "read_at", NOON.plusSeconds(60)));
    }

    @Test
    void of_a_test_are_not_those_of_another() {
      meters.then().thenRows("meter").thenRows("reading");
    }

    @Test
    void that_a_handler_refuses_change_nothing() {
      meters
          .in("Meter", "m1")
          .given(new Read(5))
          .when(new Read(6), new Broken("no display"))
          .thenFails("no display");
      assertFails(() -> meters.then().thenRow("meter", key("m1"), columns("total", 5)))
          .hasMessageContaining("expected the event to be applied")
          .hasMessageContaining("meter is broken: no display");
    }

    @Test
    void that_are_given_must_be_applied() {
      assertFails(() -> meters.in("Meter", "m1").given(new Broken("no display")))
          .hasMessageContaining("expected given events to be applied")
          .hasMessageContaining("given   Broken[why=no display] in Meter:m1")
          .hasRootCauseInstanceOf(IllegalStateException.class);
    }
  }

  @Nested
  class A_row {
    @Test
    void with_other_values_shows_each_column() {
      assertFails(
              () ->
                  meters
                      .in("Meter", "m1")
                      .given(new Assigned("carl"))
                      .when(new Read(5))
                      .thenRow("meter", key("m1"), columns("owner", "carl", "total", 6)))
          .hasMessage(
              """
              expected row meter[m1]
              given   Assigned[owner=carl] in Meter:m1 at 2026-01-01T00:00:00Z
              when    Read[amount=5] in Meter:m1 at 2026-01-01T00:00:00Z
              then    owner = 'carl'
              then  - total = 6
              then  + total = 5
              """);
    }

    @Test
    void that_is_missing_shows_which_there_are() {
      assertFails(
              () ->
                  meters
                      .in("Meter", "m1")
                      .when(new Read(5))
                      .thenRow("meter", key("m2"), columns("total", 5)))
          .hasMessageContaining("then  - total = 5\nthere is no such row; there are [['m1']]\n");
    }

    @Test
    void that_should_not_be_there_is_shown() {
      Then then = meters.in("Meter", "m1").when(new Read(5));
      then.thenNoRow("meter", key("m2"));
      assertFails(() -> then.thenNoRow("meter", key("m1")))
          .hasMessageContaining("expected no row meter[m1]")
          .hasMessageContaining("then  + {total=5, last=5, owner=null");
    }

    @Test
    void of_a_table_or_key_that_is_not_declared_is_a_mistake() {
      assertThatThrownBy(() -> meters.then().thenNoRow("metre", key("m1")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("projection meters has no table metre; it has [meter, reading]");
      assertThatThrownBy(() -> meters.then().thenNoRow("meter", key("m1", 2)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("has key [meter], which [m1, 2] does not fit");
    }
  }

  @Nested
  class Rows {
    @Test
    void are_compared_whatever_their_order() {
      Then then = meters.in("Meter", "m1").when(new Read(5), new Read(6));
      then.thenRows("reading", columns("amount", 6L), columns("amount", 5));
      assertFails(() -> then.thenRows("reading", columns("amount", 5), columns("amount", 7)))
          .hasMessageContaining("expected other rows of reading")
          .hasMessageContaining("then    {amount=5}\nthen  - {amount=7}\nthen  + {amount=6}\n");
    }

    @Test
    void that_are_too_many_or_too_few_are_told() {
      Then then = meters.in("Meter", "m1").when(new Read(5), new Read(5));
      assertFails(() -> then.thenRows("reading", columns("amount", 5)))
          .hasMessageContaining("then    {amount=5}\nthen  + {amount=5}\n");
      assertFails(() -> then.thenRows("meter")).hasMessageContaining("then  + {meter='m1'");
    }
  }

  @Nested
  class A_failure {
    @Test
    void that_does_not_come_or_is_another_is_told() {
      Then then = meters.in("Meter", "m1").when(new Read(5));
      assertFails(() -> then.thenFails("no display"))
          .hasMessageContaining("expected a failure with 'no display'")
          .hasMessageContaining("it was applied");
      Then broken = meters.when(new Broken("burnt"));
      assertFails(() -> broken.thenFails("no display")).hasMessageContaining("failed  ");
    }
  }

  @Nested
  class A_replay {
    /** Depends on more than the events. */
    private static final class Counting extends Meters {
      private final AtomicInteger calls = new AtomicInteger();

      @Override
      public void define(EventHandlers on) {
        on.event(
            Read.class,
            (event, recorded, rows) ->
                rows.at(METER, recorded.stream().id()).set("last", calls.incrementAndGet()));
      }
    }

    @RegisterExtension
    final ProjectionFixture counting = ProjectionFixture.of(new Counting(), Meters.CODEC);

    @Test
    void gives_the_same_rows() {
      meters
          .in("Meter", "m1")
          .given(new Read(5))
          .in("Meter", "m2")
          .when(new Read(6))
          .thenReplayGivesTheSame()
          .thenRows("reading", columns("amount", 5), columns("amount", 6));
    }

    @Test
    void that_gives_other_rows_is_told() {
      Then then = counting.in("Meter", "m1").when(new Read(5));
      assertFails(then::thenReplayGivesTheSame)
          .hasMessageContaining("expected a replay to give the same rows")
          .hasMessageContaining("in meter, + after the replay\n")
          .hasMessageContaining("then  - {meter='m1', total=null, last=1")
          .hasMessageContaining("then  + {meter='m1', total=null, last=2");
    }
  }
}
