package dev.headwater.projection.test;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.readmodel.ReadModelDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Opens empty databases, one for each test, to be closed by it. Thread-safe. */
final class Databases {
  private static final int CONNECTIONS = 2;
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static @Nullable EmbeddedPostgres server;

  private Databases() {}

  static HikariDataSource h2() {
    return ReadModelDatabase.h2InMemory("projection-test-" + NAMES.incrementAndGet());
  }

  static HikariDataSource postgres() {
    EmbeddedPostgres postgres = server();
    String name = "projection_test_" + NAMES.incrementAndGet();
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException("database " + name + " was not made", e);
    }
    return ReadModelDatabase.postgresql(
        "jdbc:postgresql://localhost:" + postgres.getPort() + "/" + name,
        "postgres",
        "",
        CONNECTIONS);
  }

  /** The one of this JVM; it ends with it. */
  private static synchronized EmbeddedPostgres server() {
    EmbeddedPostgres running = server;
    if (running == null) {
      try {
        running = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start();
      } catch (IOException e) {
        throw new UncheckedIOException("PostgreSQL did not start", e);
      }
      server = running;
    }
    return running;
  }
}
