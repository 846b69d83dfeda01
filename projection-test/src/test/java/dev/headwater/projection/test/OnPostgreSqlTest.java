package dev.headwater.projection.test;

import org.junit.jupiter.api.Test;

/** The same tests on PostgreSQL. */
@OnPostgreSql
class OnPostgreSqlTest extends ProjectionFixtureTest {
  @Test
  @Override
  void databases_are_h2_unless_said_otherwise() throws java.sql.SQLException {
    org.assertj.core.api.Assertions.assertThat(vendor()).isEqualTo("PostgreSQL");
  }
}
