package dev.headwater.readmodel;

import com.zaxxer.hikari.HikariDataSource;
import java.util.concurrent.atomic.AtomicInteger;

/** The databases that tests run on. */
public enum TestDatabase {
  /** In memory. */
  H2,
  /** {@link PostgresServer#shared}. */
  POSTGRESQL;

  private static final AtomicInteger NAMES = new AtomicInteger();

  /** Opens a database of its own, empty; the test closes it. */
  public HikariDataSource open() {
    return switch (this) {
      case H2 -> ReadModelDatabase.h2InMemory("test-" + NAMES.incrementAndGet());
      case POSTGRESQL -> PostgresServer.shared().openNewDatabase();
    };
  }
}
