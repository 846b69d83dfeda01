package dev.headwater.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.Decider;
import dev.headwater.aggregate.Rejection;
import dev.headwater.aggregate.RuntimeOptions;
import dev.headwater.codec.EventCodec;
import dev.headwater.event.Metadata;
import dev.headwater.fixture.DeciderFixture;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.projection.Awaited;
import dev.headwater.projection.EventHandlers;
import dev.headwater.projection.Projection;
import dev.headwater.projection.ProjectionRunner;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.readmodel.Table;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The aggregate and the projection that the README shows. */
class ReadmeTest {
  sealed interface AccountCommand {}

  record Deposit(long cents) implements AccountCommand {}

  record Withdraw(long cents) implements AccountCommand {}

  sealed interface AccountEvent {}

  record Deposited(long cents) implements AccountEvent {}

  record Withdrawn(long cents) implements AccountEvent {}

  static final class Accounts implements Decider<AccountCommand, Long, AccountEvent> {
    @Override
    public Long initial() {
      return 0L;
    }

    // The annotations are above the region: the README is short.
    @Override
    // tag::aggregate
    public List<AccountEvent> decide(AccountCommand command, Long balance) {
      return switch (command) {
        case Deposit c -> List.of(new Deposited(c.cents()));
        case Withdraw c when c.cents() <= balance -> List.of(new Withdrawn(c.cents()));
        case Withdraw c -> throw new Rejection("NOT_ENOUGH", "the balance is " + balance);
      };
    }

    public Long evolve(Long balance, AccountEvent event) {
      return switch (event) {
        case Deposited e -> balance + e.cents();
        case Withdrawn e -> balance - e.cents();
      };
    }
    // end::aggregate
  }

  static final class Balances implements Projection {
    @Override
    public String name() {
      return "balances";
    }

    @Override
    public List<Table> tables() {
      return List.of(BALANCES);
    }

    // tag::projection
    static final Table BALANCES =
        Table.named("balances").key("account").columns("cents", "movements");

    public void define(EventHandlers on) {
      on.event(
          Deposited.class,
          (event, recorded, rows) ->
              rows.at(BALANCES, recorded.stream().id())
                  .add("cents", event.cents())
                  .add("movements", 1));
      // end::projection
      on.event(
          Withdrawn.class,
          (event, recorded, rows) ->
              rows.at(BALANCES, recorded.stream().id())
                  .add("cents", -event.cents())
                  .add("movements", 1));
    }
  }

  @Test
  void the_aggregate_does_what_the_readme_says() {
    // tag::example
    DeciderFixture.of(new Accounts())
        .given(new Deposited(50))
        .when(new Withdraw(80))
        .thenRejected("NOT_ENOUGH");
    // end::example
  }

  @Test
  void the_projection_fills_its_table() throws SQLException {
    EventCodec codec =
        EventCodec.builder()
            .event("Deposited", 1, Deposited.class)
            .event("Withdrawn", 1, Withdrawn.class)
            .complete(AccountEvent.class)
            .build();
    InMemoryEventStore store = new InMemoryEventStore();
    AggregateRuntime<AccountCommand, Long, AccountEvent> accounts =
        AggregateRuntime.create(
            "Account", new Accounts(), AccountEvent.class, codec, store, RuntimeOptions.DEFAULT);
    Metadata metadata = Metadata.at(Instant.EPOCH);
    accounts.handleAndWait("anna", "1", metadata, new Deposit(50));
    accounts.handleAndWait("anna", "2", metadata, new Withdraw(20));

    try (HikariDataSource database = ReadModelDatabase.h2InMemory("readme")) {
      Migrations.framework(database);
      Migrations.application(database, "classpath:db/readme");
      try (ProjectionRunner runner =
          new ProjectionRunner(store, codec, database, List.of(new Balances()))) {
        runner.start();
        assertThat(runner.awaitCaughtUp(Duration.ofSeconds(10))).isEqualTo(new Awaited.Reached());
      }
      try (Connection connection = database.getConnection();
          ResultSet row =
              connection.createStatement().executeQuery("SELECT cents, movements FROM balances")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getLong(1)).isEqualTo(30);
        assertThat(row.getLong(2)).isEqualTo(2);
      }
    }
  }
}
