package dev.headwater.projection;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.projection.Accounts.Balances;
import dev.headwater.readmodel.DatabaseTest;
import dev.headwater.readmodel.TestDatabase;
import java.util.Locale;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

@DatabaseTest
class MigrationsTest {
  @Parameter private TestDatabase vendor;

  @Nested
  class A_database_of_an_earlier_version_is_brought_up_to_date {
    @Test
    void and_its_projections_go_on_where_they_were() {
      Fixture fixture = new Fixture();
      fixture.deposit(20);
      try (HikariDataSource database = vendor.open()) {
        migrateTo("1", database);
        Fixture.migrate(database);
        assertThat(Fixture.number(database, "SELECT COUNT(*) FROM headwater.projection_status"))
            .isZero();
        try (ProjectionRunner runner = fixture.runner(database, new Balances())) {
          runner.start();
          Fixture.assertCaughtUp(runner);
        }
        assertThat(Fixture.balances(database)).isEqualTo(fixture.expected());
      }
    }

    @Test
    void keeping_checkpoints_as_those_of_version_1() throws Exception {
      try (HikariDataSource database = vendor.open()) {
        migrateTo("1", database);
        Fixture.execute(
            database,
            "INSERT INTO headwater.projection_checkpoint VALUES ('orders', 3, 7, '5-0', 9,"
                + " CURRENT_TIMESTAMP)");
        Fixture.migrate(database);
        String checkpoint =
            "SELECT sequence FROM headwater.projection_checkpoint WHERE projection = 'orders' AND"
                + " version = 1 AND partition_no = 3 AND token = 0";
        assertThat(Fixture.number(database, checkpoint)).isEqualTo(9);
      }
    }

    private void migrateTo(String version, HikariDataSource database) {
      String schema = vendor == TestDatabase.H2 ? "HEADWATER" : "headwater";
      Flyway.configure()
          .dataSource(database)
          .locations("classpath:db/headwater/" + vendor.name().toLowerCase(Locale.ROOT))
          .defaultSchema(schema)
          .createSchemas(true)
          .target(version)
          .load()
          .migrate();
    }
  }
}
