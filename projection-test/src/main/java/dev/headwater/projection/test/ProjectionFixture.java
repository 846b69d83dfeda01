package dev.headwater.projection.test;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.codec.EventCodec;
import dev.headwater.event.Metadata;
import dev.headwater.event.StreamId;
import dev.headwater.projection.Projection;
import dev.headwater.projection.ProjectionId;
import dev.headwater.readmodel.Migrations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Tests a projection by examples: given these events, when this one, then these rows.
 *
 * <pre>{@code
 * @RegisterExtension
 * final ProjectionFixture accounts = ProjectionFixture.of(new Balances(), CODEC);
 *
 * @Test
 * void a_deposit_raises_the_balance() {
 *   accounts
 *       .in("Account", "anna")
 *       .given(new Opened("anna"))
 *       .when(new Deposited(50))
 *       .thenRow("account_balance", key("anna"), columns("balance", 50));
 * }
 * }</pre>
 *
 * <p>A JUnit extension in a field that is not static: each test has an empty database of its own,
 * H2 in memory or what {@link OnPostgreSql} says. Events go through the codec and a store in memory
 * of one partition, and are applied on the test's thread, each {@code given} and {@code when} in
 * one transaction. A failed expectation is an {@link AssertionError} whose message shows what was
 * given and the difference line by line. Not thread-safe.
 */
public final class ProjectionFixture implements BeforeEachCallback, AfterEachCallback {
  /** What the clock shows at first. */
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Projection projection;
  private final EventCodec codec;
  private final List<String> migrations;
  private @Nullable Run run;

  private ProjectionFixture(Projection projection, EventCodec codec, List<String> migrations) {
    this.projection = projection;
    this.codec = codec;
    this.migrations = migrations;
  }

  /** A fixture for a projection that brings its migrations. */
  public static ProjectionFixture of(Projection projection, EventCodec codec) {
    return new ProjectionFixture(projection, codec, List.of());
  }

  /**
   * The same with the application's migrations, which make the tables of a projection that brings
   * none of its own.
   *
   * @param locations as {@link Migrations#application} takes them
   */
  public ProjectionFixture withMigrations(String... locations) {
    return new ProjectionFixture(projection, codec, List.of(locations));
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    HikariDataSource database = isOnPostgreSql(context) ? Databases.postgres() : Databases.h2();
    run = new Run(database, projection, codec); // first, so that it is closed if what follows fails
    if (projection.lineage()) {
      Migrations.framework(database);
    }
    if (!migrations.isEmpty()) {
      Migrations.application(database, migrations.toArray(String[]::new));
    }
    if (!projection.migrations().isEmpty()) {
      Migrations.schema(database, ProjectionId.of(projection).schema(), projection.migrations());
    }
  }

  private static boolean isOnPostgreSql(ExtensionContext context) {
    Optional<ExtensionContext> at = Optional.of(context);
    while (at.isPresent()) {
      if (at.get()
          .getElement()
          .filter(e -> e.isAnnotationPresent(OnPostgreSql.class))
          .isPresent()) {
        return true;
      }
      at = at.get().getParent();
    }
    return false;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (run != null) {
      run.database.close();
      run = null;
    }
  }

  private Run run() {
    if (run == null) {
      throw new IllegalStateException(
          "the fixture is of use within a test only: annotate its field, which is not static, with"
              + " @RegisterExtension");
    }
    return run;
  }

  /** Events from here on belong to this stream. */
  public ProjectionFixture in(String type, String id) {
    run().stream = new StreamId(type, id);
    return this;
  }

  /** Sets the clock: events from here on have occurred at this time. */
  public ProjectionFixture at(Instant time) {
    run().metadata = Metadata.at(time).withActor(run().metadata.actor());
    return this;
  }

  /** Sets the clock forward. */
  public ProjectionFixture after(Duration time) {
    return at(run().metadata.time().plus(time));
  }

  /** Events from here on are this actor's doing. */
  public ProjectionFixture by(String actor) {
    run().metadata = run().metadata.withActor(actor);
    return this;
  }

  /**
   * Stores and applies events that are the background of the example.
   *
   * @throws AssertionError if they can't be applied
   */
  public ProjectionFixture given(Object... events) {
    Run here = run();
    here.apply("given   ", events);
    if (here.failure != null) {
      throw here.failed("given events to be applied");
    }
    return this;
  }

  /** Stores and applies the events that the example is about, in one commit. */
  public Then when(Object... events) {
    Run here = run();
    here.apply("when    ", events);
    return new Then(here);
  }

  /** Looks at the rows without a further event. */
  public Then then() {
    return new Then(run());
  }

  /** The test's database, for SQL of its own. */
  public DataSource database() {
    return run().database;
  }
}
