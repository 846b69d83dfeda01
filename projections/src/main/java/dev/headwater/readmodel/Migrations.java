package dev.headwater.readmodel;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * Brings database schemas up to date; an application calls both methods before it starts a runner.
 * Safe to call from several processes at once.
 */
public final class Migrations {
  /** The schema of the framework's own tables: checkpoints, freshness. */
  public static final String SCHEMA = "headwater";

  private Migrations() {}

  /**
   * Makes or updates the schema {@value #SCHEMA}.
   *
   * @throws ReadModelException if that fails; says why
   */
  public static void framework(DataSource database) {
    Vendor vendor = vendor(database);
    migrate(
        "headwater",
        Flyway.configure()
            .dataSource(database)
            .locations("classpath:db/headwater/" + vendor.folder())
            .defaultSchema(vendor.stored(SCHEMA))
            .createSchemas(true));
  }

  /**
   * Runs an application's own Flyway migrations in the connection's default schema.
   *
   * @param locations as Flyway takes them, such as {@code classpath:db/trading/{vendor}}; {@code
   *     {vendor}} stands for {@code h2} or {@code postgresql}
   * @throws ReadModelException if that fails; says why
   */
  public static void application(DataSource database, String... locations) {
    String[] chosen = chosen(List.of(locations), vendor(database));
    migrate(
        String.join(", ", chosen),
        Flyway.configure()
            .dataSource(database)
            .locations(chosen)
            // Another application's tables may be there already.
            .baselineOnMigrate(true)
            .baselineVersion("0"));
  }

  /**
   * Runs migrations in a schema of their own, which is made if it is missing. Called for each
   * version of a projection that brings its own.
   *
   * @param locations as for {@link #application}
   * @throws ReadModelException if that fails; says why
   */
  public static void schema(DataSource database, String schema, List<String> locations) {
    Vendor vendor = vendor(database);
    migrate(
        schema,
        Flyway.configure()
            .dataSource(database)
            .locations(chosen(locations, vendor))
            .defaultSchema(vendor.stored(schema))
            .createSchemas(true));
  }

  private static String[] chosen(List<String> locations, Vendor vendor) {
    return locations.stream()
        .map(location -> location.replace("{vendor}", vendor.folder()))
        .toArray(String[]::new);
  }

  private static void migrate(String what, FluentConfiguration configuration) {
    try {
      Flyway flyway = configuration.load();
      // Not failOnMissingLocations: Flyway 13 then keeps a connection for ever.
      if (flyway.info().all().length == 0) {
        throw new ReadModelException("there are no migrations in " + what);
      }
      flyway.migrate();
    } catch (FlywayException e) {
      throw new ReadModelException("migration of " + what + " failed: " + e.getMessage(), e);
    }
  }

  private static Vendor vendor(DataSource database) {
    try (Connection connection = database.getConnection()) {
      return Vendor.of(connection);
    } catch (SQLException e) {
      throw new ReadModelException("read-model database can't be reached: " + e.getMessage(), e);
    }
  }
}
