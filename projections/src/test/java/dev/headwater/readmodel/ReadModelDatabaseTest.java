package dev.headwater.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Collections;
import java.util.Properties;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadModelDatabaseTest {
  @TempDir private Path folder;

  private static void make(Path file) throws Exception {
    try (var database = ReadModelDatabase.h2File(file);
        Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t AS SELECT 42 AS answer");
    }
  }

  @Nested
  class A_file_is_opened {
    @Test
    void and_keeps_its_content_for_analysts_afterwards() throws Exception {
      Path file = folder.resolve("new/folder/read");
      make(file);
      try (Connection connection =
              DriverManager.getConnection(ReadModelDatabase.fileUrl(file), "sa", "");
          var rows = connection.createStatement().executeQuery("SELECT answer FROM t")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getInt(1)).isEqualTo(42);
      }
    }

    @Test
    void and_shared_with_analysts_of_this_machine_if_so_wished() throws Exception {
      Path file = folder.resolve("read");
      make(file);
      Process other = HoldDatabase.start(file, "shared");
      try {
        assertOnlyLoopbackListens(port());
        String url = ReadModelDatabase.fileUrl(file) + ";AUTO_SERVER=TRUE";
        try (Connection connection = DriverManager.getConnection(url, "sa", "");
            var rows = connection.createStatement().executeQuery("SELECT answer FROM t")) {
          assertThat(rows.next()).isTrue();
        }
      } finally {
        other.getOutputStream().close();
        other.waitFor();
      }
    }

    private int port() throws Exception {
      Properties lock = new Properties();
      lock.load(Files.newBufferedReader(folder.resolve("read.lock.db")));
      String server = lock.getProperty("server");
      return Integer.parseInt(server.substring(server.lastIndexOf(':') + 1));
    }

    private static void assertOnlyLoopbackListens(int port) throws Exception {
      for (NetworkInterface card : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        for (InetAddress address : Collections.list(card.getInetAddresses())) {
          if (!address.isLoopbackAddress()) {
            assertThatThrownBy(() -> new Socket(address, port).close())
                .isInstanceOf(ConnectException.class);
          }
        }
      }
    }

    @Test
    void with_or_without_its_ending() {
      Path file = folder.resolve("read");
      assertThat(ReadModelDatabase.fileUrl(folder.resolve("read.mv.db")))
          .isEqualTo(ReadModelDatabase.fileUrl(file))
          .isEqualTo("jdbc:h2:file:" + file.toAbsolutePath());
    }
  }

  @Nested
  class A_PostgreSQL_database_that_can_not_be_used_is_refused_with_the_reason {
    private static void refused(String url, String user, String message) {
      assertThatThrownBy(() -> ReadModelDatabase.postgresql(url, user, "secret-1").close())
          .isInstanceOf(ReadModelException.class)
          .hasMessageContaining(message)
          .satisfies(
              e -> {
                for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                  assertThat(cause.toString()).doesNotContain("secret");
                }
              });
    }

    @Test
    void one_that_does_not_exist() {
      String url = PostgresServer.shared().newDatabase() + "x";
      refused(url + "?password=secret-2", PostgresServer.USER, url + " can't be opened: FATAL: ");
      refused(url, PostgresServer.USER, " does not exist");
    }

    @Test
    void one_that_does_not_know_the_user() {
      String url = PostgresServer.shared().newDatabase();
      refused(url, "nobody", "role \"nobody\" does not exist");
    }

    @Test
    void one_whose_server_does_not_run() {
      String url = "jdbc:postgresql://localhost:1/x";
      refused(url, "me", "read-model database " + url + " can't be opened: Connection to");
    }

    @Test
    void one_that_is_too_old() {
      assertThat(Vendor.of("PostgreSQL", 15, "15.0")).isEqualTo(Vendor.POSTGRESQL);
      assertThatThrownBy(() -> Vendor.of("PostgreSQL", 14, "14.19"))
          .isInstanceOf(ReadModelException.class)
          .hasMessage("PostgreSQL 14.19 is not supported; use 15 or newer");
      assertThatThrownBy(() -> Vendor.of("MariaDB", 12, "12.0"))
          .isInstanceOf(ReadModelException.class)
          .hasMessage("database MariaDB is not supported; H2 and PostgreSQL are");
    }

    @Test
    void one_whose_URL_is_of_another_kind() {
      assertThatThrownBy(
              () -> ReadModelDatabase.postgresql("jdbc:mysql://me:secret@host/x?a=b", "me", ""))
          .hasMessage(
              "URL of a PostgreSQL database must start with jdbc:postgresql:, was:"
                  + " jdbc:mysql://host/x");
      assertThatThrownBy(
              () -> ReadModelDatabase.postgresql("jdbc:h2:mem:x;PASSWORD=secret", "me", ""))
          .hasMessageEndingWith("was: jdbc:h2:mem:x");
    }

    @Test
    void one_with_a_password_before_the_host_which_is_not_repeated() {
      assertThatThrownBy(
              () -> ReadModelDatabase.postgresql("jdbc:postgresql://me:secret@host/x", "me", ""))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "URL of a PostgreSQL database can't have user and password before the host; hand"
                  + " them over beside jdbc:postgresql://host/x");
    }

    @Test
    void one_whose_url_is_malformed() {
      refused("jdbc:postgresql://host:port/x?password=secret", "me", "malformed");
      refused("jdbc:postgresql://localhost:1/x?password=%secret", "me", "malformed");
    }
  }

  @Nested
  class A_file_that_can_not_be_used_is_refused_with_the_reason {
    @Test
    void one_that_another_process_has_open() throws Exception {
      Path file = folder.resolve("read");
      Process other = HoldDatabase.start(file);
      try {
        assertThatThrownBy(() -> ReadModelDatabase.h2File(file).close())
            .isInstanceOf(ReadModelException.class)
            .hasMessage(
                "read-model database "
                    + file
                    + " is in use by another process; close it there, or use another file");
      } finally {
        other.getOutputStream().close();
        other.waitFor();
      }
      ReadModelDatabase.h2File(file).close();
    }

    @Test
    void one_that_is_no_database() throws Exception {
      for (String content : new String[] {"short", "not a database; ".repeat(1_000)}) {
        Path file = folder.resolve("read.mv.db");
        Files.writeString(file, content);
        assertThatThrownBy(() -> ReadModelDatabase.h2File(file).close())
            .isInstanceOf(ReadModelException.class)
            .hasMessageContaining("can't be read: damaged, not an H2 database");
        assertThat(file).hasContent(content);
      }
    }

    @Test
    void one_in_a_folder_that_can_not_be_made() throws Exception {
      Path file = Files.createFile(folder.resolve("file"));
      assertThatThrownBy(() -> ReadModelDatabase.h2File(file.resolve("read")).close())
          .isInstanceOf(ReadModelException.class)
          .hasMessageContaining("read-model database " + file.resolve("read"));
    }
  }

  @Nested
  class A_database_in_memory {
    @Test
    void is_gone_when_closed() throws Exception {
      for (int i = 0; i < 2; i++) {
        try (var database = ReadModelDatabase.h2InMemory("gone");
            Connection connection = database.getConnection();
            Statement statement = connection.createStatement()) {
          statement.execute("CREATE TABLE t (a INTEGER)");
        }
      }
    }
  }

  @Nested
  class Migrations_bring_schemas_up_to_date {
    @Test
    void once_however_often_they_run() throws Exception {
      try (var database = ReadModelDatabase.h2InMemory("migrations")) {
        for (int i = 0; i < 2; i++) {
          Migrations.framework(database);
          Migrations.application(database, "classpath:db/accounts");
        }
        try (Connection connection = database.getConnection();
            var rows =
                connection
                    .createStatement()
                    .executeQuery("SELECT COUNT(*) FROM headwater.projection_status, ledger")) {
          assertThat(rows.next()).isTrue();
        }
      }
    }

    @Test
    void or_say_which_and_why_not() throws Exception {
      Files.writeString(folder.resolve("V1__broken.sql"), "CREATE TALBE x (a INTEGER);");
      try (var database = ReadModelDatabase.h2InMemory("migrations")) {
        assertThatThrownBy(() -> Migrations.application(database, "filesystem:" + folder))
            .isInstanceOf(ReadModelException.class)
            .hasMessageContaining("migration of filesystem:" + folder + " failed")
            .hasMessageContaining("CREATE TALBE");
      }
    }

    @Test
    void or_say_that_there_are_none() {
      try (var database = ReadModelDatabase.h2InMemory("migrations")) {
        assertThatThrownBy(() -> Migrations.application(database, "classpath:db/nowhere"))
            .isInstanceOf(ReadModelException.class)
            .hasMessage("there are no migrations in classpath:db/nowhere");
      }
    }
  }
}
