package dev.headwater.projection;

import static dev.headwater.projection.Fixture.assertCaughtUp;
import static dev.headwater.projection.Fixture.balances;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.projection.Accounts.Balances;
import dev.headwater.projection.Accounts.Renamed;
import dev.headwater.readmodel.DatabaseTest;
import dev.headwater.readmodel.Rows;
import dev.headwater.readmodel.TestDatabase;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

@DatabaseTest
class PoisonValuesTest {
  @Parameter private TestDatabase on;
  private final Fixture fixture = new Fixture();
  private HikariDataSource database;

  @BeforeEach
  void open() {
    database = on.open();
    Fixture.migrate(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** What a handler does that makes such a value. */
  @FunctionalInterface
  private interface Change {
    void in(Rows rows);
  }

  /** The aggregates that are parked when one event among many leads to a change. */
  private List<ParkedAggregate> parkedBy(Change change) {
    Balances projection =
        new Balances() {
          @Override
          public void define(EventHandlers on) {
            super.define(on);
            on.event(Renamed.class, (event, recorded, rows) -> change.in(rows));
          }
        };
    fixture.deposit(50);
    Accounts.append(fixture.store, "x", new Renamed("x", "y"));
    fixture.deposit(50);
    try (ProjectionRunner runner = fixture.runner(database, projection)) {
      runner.start();
      assertCaughtUp(runner);
    }
    assertThat(balances(database)).containsAllEntriesOf(fixture.expected());
    return new ParkedAggregates(fixture.store, Accounts.CODEC, database, List.of(projection))
        .list();
  }

  @Nested
  class A_value_that_no_database_holds_parks_its_aggregate_and_stops_nothing {
    @Test
    void a_time_that_is_beyond_all_calendars() {
      assertThat(parkedBy(rows -> rows.at(Accounts.BALANCE, "x").max("updated_at", Instant.MAX)))
          .hasSize(1);
    }

    @Test
    void a_key_with_half_a_character() {
      assertThat(parkedBy(rows -> rows.at(Accounts.BALANCE, "x\ud800y").ensure()))
          .extracting(ParkedAggregate::error)
          .allMatch(error -> error.contains("half a surrogate pair"))
          .hasSize(1);
    }
  }

  @Nested
  class A_key_may_have {
    @Test
    void every_whole_character() {
      assertThat(parkedBy(rows -> rows.at(Accounts.BALANCE, "x\ud83d\ude00y").ensure())).isEmpty();
      assertThat(balances(database)).containsKey("x\ud83d\ude00y");
    }
  }
}
