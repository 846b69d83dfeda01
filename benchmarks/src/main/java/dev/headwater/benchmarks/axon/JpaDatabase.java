package dev.headwater.benchmarks.axon;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.persistence.EntityManagerFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.axonframework.eventsourcing.eventstore.jpa.AggregateBasedJpaEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jpa.AggregateEventEntry;
import org.axonframework.messaging.eventhandling.conversion.EventConverter;
import org.hibernate.cfg.JdbcSettings;
import org.hibernate.cfg.MappingSettings;
import org.hibernate.cfg.SchemaToolingSettings;
import org.hibernate.jpa.HibernatePersistenceConfiguration;

/**
 * A PostgreSQL that forces each commit to disk before it answers ({@code fsync} and {@code
 * synchronous_commit} are on, which the embedded one switches off by default), and Axon's JPA
 * engine on it, set up for speed: a pool of connections, payloads in the row, no second query for a
 * short aggregate. All else is as PostgreSQL has it by default.
 */
public final class JpaDatabase implements AutoCloseable {
  private static final int CONNECTIONS = 16;
  private static final int BATCH = 100;

  private final EmbeddedPostgres postgres;
  private final HikariDataSource pool;
  private final EntityManagerFactory factory;

  private JpaDatabase(
      EmbeddedPostgres postgres, HikariDataSource pool, EntityManagerFactory factory) {
    this.postgres = postgres;
    this.pool = pool;
    this.factory = factory;
  }

  /** Starts a new one in a temporary folder; ends with {@link #close}. */
  public static JpaDatabase start() {
    try {
      EmbeddedPostgres postgres =
          EmbeddedPostgres.builder()
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .start();
      HikariConfig config = new HikariConfig();
      config.setDataSource(postgres.getPostgresDatabase());
      config.setMaximumPoolSize(CONNECTIONS);
      config.setAutoCommit(false);
      HikariDataSource pool = new HikariDataSource(config);
      return new JpaDatabase(postgres, pool, entityManagers(pool));
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL did not start", e);
    }
  }

  private static EntityManagerFactory entityManagers(HikariDataSource pool) {
    return new HibernatePersistenceConfiguration("axon")
        .managedClass(AggregateEventEntry.class)
        .property(JdbcSettings.JAKARTA_NON_JTA_DATASOURCE, pool)
        .property(JdbcSettings.DIALECT, ByteaDialect.class.getName())
        .property(JdbcSettings.CONNECTION_PROVIDER_DISABLES_AUTOCOMMIT, true)
        // The name of the engine's sequence has dashes.
        .property(MappingSettings.GLOBALLY_QUOTED_IDENTIFIERS, true)
        .property(SchemaToolingSettings.HBM2DDL_AUTO, "create")
        .createEntityManagerFactory();
  }

  AggregateBasedJpaEventStorageEngine engine(EventConverter converter) {
    JpaTransactions transactions = new JpaTransactions(factory);
    return new AggregateBasedJpaEventStorageEngine(
        transactions,
        transactions,
        converter,
        settings ->
            settings
                .batchSize(BATCH)
                .finalBatchPredicate(batch -> batch.size() < BATCH)
                .persistenceExceptionResolver(
                    failure -> String.valueOf(failure.getMessage()).contains("duplicate key")));
  }

  /** The server's process; each connection is a child of it. */
  public long pid() {
    long connection = Long.parseLong(ask("select pg_backend_pid()"));
    return ProcessHandle.of(connection)
        .flatMap(ProcessHandle::parent)
        .map(ProcessHandle::pid)
        .orElseThrow(() -> new IllegalStateException("no process " + connection));
  }

  /** What the server says of its settings, such as {@code fsync=on synchronous_commit=on}. */
  public String durability() {
    return "fsync=" + ask("show fsync") + " synchronous_commit=" + ask("show synchronous_commit");
  }

  long stored() {
    return Long.parseLong(ask("select count(*) from \"AggregateEventEntry\""));
  }

  private String ask(String query) {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(query)) {
      answer.next();
      return answer.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException("PostgreSQL does not answer: " + query, e);
    }
  }

  @Override
  public void close() {
    factory.close();
    pool.close();
    try {
      postgres.close();
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL did not end", e);
    }
  }
}
