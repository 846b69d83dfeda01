package dev.headwater.projection;

import static dev.headwater.projection.Fixture.number;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.TestDatabase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;

/** A store, a database and what tests do with versions of {@link Totals} in them. */
abstract class VersionsFixture {
  static final ProjectionId FIRST = new ProjectionId("totals", 1);
  static final ProjectionId SECOND = new ProjectionId("totals", 2);

  @Parameter TestDatabase vendor;
  final Fixture fixture = new Fixture();
  HikariDataSource database;

  @BeforeEach
  final void open() {
    database = vendor.open();
    Migrations.framework(database);
  }

  @AfterEach
  final void close() {
    database.close();
  }

  final ProjectionVersions versions(Projection... projections) {
    return new ProjectionVersions(fixture.store, Accounts.CODEC, database, List.of(projections));
  }

  final ProjectionRunner started(ProjectionVersions versions) {
    return started(versions, Fixture.QUICK);
  }

  final ProjectionRunner started(ProjectionVersions versions, RunnerSettings settings) {
    ProjectionRunner runner = versions.runner(settings);
    runner.start();
    return runner;
  }

  final long movements() {
    return number(database, "SELECT COUNT(*) FROM movement");
  }

  /** A writer's step: slower than any projection. */
  final void trickle() {
    fixture.deposit(1);
    LockSupport.parkNanos(5_000_000);
  }

  final Map<ProjectionId, VersionState> states(ProjectionVersions versions) {
    Map<ProjectionId, VersionState> states = new LinkedHashMap<>();
    versions.list().forEach(version -> states.put(version.id(), version.state()));
    return states;
  }
}
