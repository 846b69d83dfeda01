package dev.headwater.projection;

import static dev.headwater.projection.Accounts.deposited;
import static dev.headwater.projection.Fixture.assertCaughtUp;
import static dev.headwater.projection.Fixture.balances;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.event.StreamId;
import dev.headwater.readmodel.DatabaseTest;
import dev.headwater.readmodel.TestDatabase;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

@DatabaseTest
class SeveralPoisonEventsTest {
  private static final StreamId X = new StreamId("Account", "x");

  @Parameter private TestDatabase on;
  private final Fixture fixture = new Fixture();
  private final Poison poison = new Poison();
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

  private ParkedAggregates projected() {
    try (ProjectionRunner runner = fixture.runner(database, poison)) {
      runner.start();
      assertCaughtUp(runner);
    }
    return new ParkedAggregates(fixture.store, Accounts.CODEC, database, List.of(poison));
  }

  @Nested
  class Of_one_aggregate_in_one_batch {
    /** The database refuses the second event's row only when the third's handler has failed. */
    @Test
    void the_first_parks_it_and_none_behind_it_is_lost() {
      fixture.deposit(100);
      Accounts.append(fixture.store, "x", deposited("x", 1));
      Accounts.append(fixture.store, "x", deposited("x".repeat(101), 2));
      Accounts.append(fixture.store, "x", deposited("x", 3));
      Accounts.append(fixture.store, "x", deposited("x", 4));
      poison.at("x", 3);
      ParkedAggregates parked = projected();
      assertThat(balances(database))
          .containsAllEntriesOf(fixture.expected())
          .containsEntry("x", new BigDecimal("1.00"))
          .hasSize(11);
      assertThat(parked.waiting("balances", X, 1, 10))
          .extracting(WaitingEvent::version)
          .containsExactly(2L, 3L, 4L);
      ParkedAggregate x = parked.list().getFirst();
      assertThat(x.failedVersion()).isEqualTo(2);
      assertThat(x.waitingEvents()).isEqualTo(3);
      assertThat(x.error()).containsIgnoringCase("value too long");
    }
  }
}
