package dev.headwater.readmodel;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL for tests, which forces each commit to disk before it answers, as PostgreSQL
 * does unless told otherwise. Its version is that of the build's {@code HEADWATER_POSTGRES}.
 */
public final class PostgresServer implements AutoCloseable {
  /** Who owns the databases; needs no password. */
  public static final String USER = "postgres";

  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static @Nullable PostgresServer shared;

  private final EmbeddedPostgres.Builder settings;
  private EmbeddedPostgres server;

  private PostgresServer(EmbeddedPostgres.Builder settings) {
    this.settings =
        settings
            .setPGStartupWait(Duration.ofMinutes(1))
            .setServerConfig("fsync", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("synchronous_commit", "on");
    server = start();
  }

  /** The server that all tests of this JVM share; started on first use, ends with the JVM. */
  public static synchronized PostgresServer shared() {
    PostgresServer server = shared;
    if (server == null) {
      server = new PostgresServer(EmbeddedPostgres.builder());
      shared = server;
    }
    return server;
  }

  /** A server of one's own, to be killed; its data is in a folder that is empty or was its own. */
  public static PostgresServer in(Path folder) {
    return new PostgresServer(
        EmbeddedPostgres.builder().setDataDirectory(folder).setCleanDataDirectory(false));
  }

  private EmbeddedPostgres start() {
    try {
      return settings.start();
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL did not start", e);
    }
  }

  /** Makes an empty database; its JDBC URL. */
  public String newDatabase() {
    String name = "test_" + DATABASES.incrementAndGet();
    try (Connection connection = DriverManager.getConnection(url("postgres"), USER, "");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException("database " + name + " was not made", e);
    }
    return url(name);
  }

  /** Makes an empty database and opens it. */
  public HikariDataSource openNewDatabase() {
    return ReadModelDatabase.postgresql(newDatabase(), USER, "");
  }

  private String url(String database) {
    return "jdbc:postgresql://localhost:" + server.getPort() + "/" + database;
  }

  /** Kills the server: all its processes end at once, in the middle of what they do. */
  public void kill() throws Exception {
    ProcessHandle postmaster = postmaster();
    postmaster.children().forEach(ProcessHandle::destroyForcibly);
    postmaster.destroyForcibly();
    postmaster.onExit().join();
    server.close(); // gives the folder free
  }

  /** The server's first process, the parent of those of the connections. */
  public ProcessHandle postmaster() {
    try (Connection connection = DriverManager.getConnection(url("postgres"), USER, "");
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery("SHOW data_directory")) {
      rows.next();
      Path file = Path.of(rows.getString(1), "postmaster.pid");
      long pid = Long.parseLong(Files.readAllLines(file).getFirst().strip());
      return ProcessHandle.of(pid).orElseThrow();
    } catch (SQLException | IOException e) {
      throw new IllegalStateException("PostgreSQL does not say which process it is", e);
    }
  }

  /** CPU time of the server's processes that are alive; a pool keeps its own so. */
  public long cpuNanos() {
    ProcessHandle postmaster = postmaster();
    return Stream.concat(Stream.of(postmaster), postmaster.children())
        .mapToLong(process -> process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos())
        .sum();
  }

  /** Starts the server again after {@link #kill}, on the same port. */
  public void restart() {
    settings.setPort(server.getPort());
    server = start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
