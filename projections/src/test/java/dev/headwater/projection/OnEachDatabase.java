package dev.headwater.projection;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.readmodel.DatabaseTest;
import dev.headwater.readmodel.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;

/** Tests of projections of a store in memory, on each database that there may be. */
@DatabaseTest
abstract class OnEachDatabase {
  @Parameter TestDatabase vendor;
  final Fixture fixture = new Fixture();
  HikariDataSource database;

  @BeforeEach
  final void open() {
    database = vendor.open();
    Fixture.migrate(database);
  }

  @AfterEach
  final void close() {
    database.close();
  }
}
