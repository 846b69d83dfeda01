package dev.headwater.projection;

import static dev.headwater.projection.Fixture.assertCaughtUp;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.codec.EventCodec;
import dev.headwater.event.StreamId;
import dev.headwater.readmodel.TestDatabase;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;

/** A store, a database and what tests do with aggregates that {@link Poison} parks in them. */
abstract class ParkingFixture {
  @Parameter TestDatabase on;
  final Fixture fixture = new Fixture();
  final Poison poison = new Poison();
  HikariDataSource database;

  @BeforeEach
  final void open() {
    database = on.open();
    Fixture.migrate(database);
  }

  @AfterEach
  final void close() {
    database.close();
  }

  static StreamId account(String id) {
    return new StreamId("Account", id);
  }

  final ParkedAggregates parked(Projection... projections) {
    return parked(Accounts.CODEC, projections);
  }

  final ParkedAggregates parked(EventCodec codec, Projection... projections) {
    return new ParkedAggregates(fixture.store, codec, database, List.of(projections));
  }

  /** Runs the projections until they have caught up. */
  final void project(Projection... projections) {
    try (ProjectionRunner runner = fixture.runner(database, projections)) {
      runner.start();
      assertCaughtUp(runner);
    }
  }

  final Map<String, BigDecimal> expectedWithout(String... accounts) {
    Map<String, BigDecimal> rest = new TreeMap<>(fixture.expected());
    rest.keySet().removeAll(Set.of(accounts));
    return rest;
  }

  /** The versions of an account's events, in the order in which they were applied. */
  final List<Long> versionsOf(String account) {
    return Fixture.versionsOf(database, account);
  }
}
