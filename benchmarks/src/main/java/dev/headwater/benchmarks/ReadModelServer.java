package dev.headwater.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.ReadModelDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** A database for read models in a temporary folder, whose commits are on disk. */
final class ReadModelServer implements AutoCloseable {
  static final String POSTGRESQL = "postgresql";
  static final String H2 = "h2";

  final String vendor;
  final HikariDataSource source;
  private final @Nullable EmbeddedPostgres postgres;
  private final @Nullable Path folder;
  private final long pid;

  private ReadModelServer(
      String vendor,
      HikariDataSource source,
      @Nullable EmbeddedPostgres postgres,
      @Nullable Path folder)
      throws SQLException {
    this.vendor = vendor;
    this.source = source;
    this.postgres = postgres;
    this.folder = folder;
    this.pid = postgres == null ? 0 : parent(number("SELECT pg_backend_pid()"));
    Migrations.framework(source);
  }

  static ReadModelServer start(String vendor) throws IOException, SQLException {
    if (vendor.equals(H2)) {
      Path folder = Files.createTempDirectory("headwater-benchmark");
      return new ReadModelServer(
          vendor, ReadModelDatabase.h2File(folder.resolve("read-model")), null, folder);
    }
    EmbeddedPostgres postgres =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .start();
    HikariConfig config = new HikariConfig();
    config.setDataSource(postgres.getPostgresDatabase());
    return new ReadModelServer(vendor, new HikariDataSource(config), postgres, null);
  }

  private static long parent(long connection) {
    return ProcessHandle.of(connection)
        .flatMap(ProcessHandle::parent)
        .map(ProcessHandle::pid)
        .orElseThrow(() -> new IllegalStateException("no process " + connection));
  }

  /** CPU time that the server has used, in microseconds; H2's is the JVM's. */
  double cpu() {
    return postgres == null ? Double.NaN : Cpu.ofFamily(pid);
  }

  void execute(String... statements) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  long number(String query) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getLong(1);
    }
  }

  @Override
  public void close() throws IOException {
    source.close();
    if (postgres != null) {
      postgres.close();
    }
    if (folder != null) {
      try (var files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
