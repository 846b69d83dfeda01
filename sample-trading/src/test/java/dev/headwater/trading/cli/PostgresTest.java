package dev.headwater.trading.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands with read models in PostgreSQL. */
class PostgresTest {
  private static final String PASSWORD = "s3cret";
  private static EmbeddedPostgres server;

  @TempDir Path data;

  @BeforeAll
  static void start() throws Exception {
    server = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start();
    sql("postgres", "CREATE DATABASE venue", "CREATE ROLE ann LOGIN PASSWORD '" + PASSWORD + "'");
    askForPasswordOf("ann");
  }

  /** The server trusts everybody else. */
  private static void askForPasswordOf(String user) throws SQLException, IOException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet file = statement.executeQuery("SHOW hba_file")) {
      file.next();
      Path rules = Path.of(file.getString(1));
      Files.writeString(
          rules, "host all " + user + " all scram-sha-256\n" + Files.readString(rules));
    }
    sql("postgres", "SELECT pg_reload_conf()");
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  private static void sql(String database, String... statements) throws SQLException {
    try (Connection connection = server.getDatabase("postgres", database).getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static String url(String database, String user) {
    return "jdbc:postgresql://localhost:" + server.getPort() + "/" + database + "?user=" + user;
  }

  private CommandLineRun run(String database, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--database", database));
    return CommandLineRun.on(data, all.toArray(String[]::new));
  }

  private static List<String> checksums(String out) {
    return out.lines().filter(line -> line.contains("checksum")).toList();
  }

  @Nested
  class A_venue {
    private String done(String... arguments) {
      CommandLineRun run = run(url("venue", "postgres"), arguments);
      assertThat(run.err()).isEmpty();
      assertThat(run.status()).isZero();
      return run.out();
    }

    @Test
    void keeps_the_same_read_models_as_in_h2_replays_rebuilds_and_switches_them() throws Exception {
      String h2 = CommandLineRun.on(data.resolve("h2"), "demo", "--orders", "500").out();
      String demo = done("demo", "--orders", "500");
      assertThat(checksums(demo)).hasSize(8).isEqualTo(checksums(h2));
      assertThat(demo)
          .contains("psql 'postgresql://localhost:" + server.getPort() + "/venue?user=postgres'");
      assertThat(data.resolve("read-models.mv.db")).doesNotExist();

      assertThat(done("sql", "SELECT COUNT(*) AS all_orders FROM orders WHERE quantity > 0"))
          .matches("all_orders\n\\d\\d\\d\n\\(1 row\\)\n");
      assertThat(done("replay", "market-data")).contains("into market-data in");
      assertThat(done("parked", "list")).isEqualTo("no aggregate is parked\n");
      assertThat(done("effects", "list")).isEqualTo("no effect has given up on an event\n");

      for (String query : queriesForAnalysts()) {
        assertThat(done("sql", query)).as(query).contains("row").doesNotContain("(0 rows)");
      }

      sql(
          "venue",
          "CREATE ROLE analyst LOGIN",
          "GRANT USAGE ON SCHEMA public, headwater TO analyst",
          "GRANT SELECT ON ALL TABLES IN SCHEMA public, headwater TO analyst",
          "ALTER DEFAULT PRIVILEGES IN SCHEMA public, headwater GRANT SELECT ON TABLES TO analyst");
      sql("venue", "UPDATE orders_v1.orders SET account = 'wrong' WHERE order_id LIKE '%1'");
      assertThat(done("projections", "rebuild", "orders")).contains("orders@1 still serves");
      CommandLineRun compared = run(url("venue", "postgres"), "projections", "compare", "orders");
      assertThat(compared.status()).isEqualTo(3);
      assertThat(compared.out()).contains("account=wrong -> account=");
      done("projections", "switch", "orders");
      assertThat(wrongAccounts()).isEqualTo("wrong\n0\n");
      done("projections", "rollback", "orders");
      assertThat(wrongAccounts()).isNotEqualTo("wrong\n0\n");
      assertThat(run(url("venue", "analyst"), "sql", "SELECT * FROM orders").status()).isZero();
      CommandLineRun writing = run(url("venue", "postgres"), "sql", "DROP TABLE orders_v1.orders");
      assertThat(writing.err())
          .isEqualTo(
              "trading: the query failed: ERROR: cannot execute DROP TABLE in a read-only"
                  + " transaction\n");
    }

    private static List<String> queriesForAnalysts() throws IOException {
      String page = Files.readString(Path.of("../docs/reference/trading-read-models.md"));
      List<String> queries =
          Pattern.compile("(?s)```sql\n(.*?)```")
              .matcher(page)
              .results()
              .map(found -> found.group(1))
              .toList();
      assertThat(queries).hasSizeGreaterThan(5);
      return queries;
    }

    private String wrongAccounts() {
      return done("sql", "--csv", "SELECT COUNT(*) AS wrong FROM orders WHERE account = 'wrong'");
    }
  }

  @Nested
  class A_password {
    private CommandLineRun process(Map<String, String> environment) throws Exception {
      ProcessBuilder builder =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path"),
              Trading.class.getName(),
              "sql",
              "SELECT current_user",
              "--data",
              data.toString());
      builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
      builder.environment().putAll(environment);
      Path out = data.resolve("out");
      Path err = data.resolve("err");
      Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return new CommandLineRun(
          process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
    }

    @Test
    void and_address_and_user_come_from_the_environment() throws Exception {
      String place = "jdbc:postgresql://localhost:" + server.getPort() + "/venue";
      CommandLineRun run =
          process(Map.of("TRADING_DATABASE", place, "PGUSER", "ann", "PGPASSWORD", PASSWORD));
      assertThat(run.err()).isEmpty();
      assertThat(run.out()).isEqualTo("current_user\nann\n(1 row)\n");
    }

    @Test
    void that_is_wrong_is_told_in_one_line_and_not_shown() {
      CommandLineRun run = run(url("venue", "ann"), "demo", "--orders", "10");
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err().lines()).hasSize(1);
      assertThat(run.err())
          .startsWith("trading: read-model database jdbc:postgresql://localhost:")
          .contains("the user is 'ann' (?user= or PGUSER), the password is taken from PGPASSWORD");
    }

    @Test
    void on_the_command_line_is_refused_and_not_repeated() {
      CommandLineRun run = run(url("venue", "ann") + "&password=" + PASSWORD, "demo");
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains("PGPASSWORD").doesNotContain(PASSWORD);
      CommandLineRun before = run("jdbc:postgresql://ann:" + PASSWORD + "@localhost/venue", "demo");
      assertThat(before.err()).contains("PGPASSWORD").doesNotContain(PASSWORD);
    }
  }

  @Nested
  class An_error_says_what_to_do {
    private String error(String database) {
      CommandLineRun run = run(database, "sql", "SELECT 1");
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err().lines()).hasSize(1);
      return run.err();
    }

    @Test
    void where_no_server_answers() throws IOException {
      int free;
      try (ServerSocket socket = new ServerSocket(0)) {
        free = socket.getLocalPort();
      }
      String url = "jdbc:postgresql://localhost:" + free + "/venue";
      assertThat(error(url)).contains(url, "refused", "; is the server running");
      CommandLineRun demo = run(url, "demo", "--orders", "10");
      assertThat(demo.err()).contains(url, "refused", "; is the server running");
    }

    @Test
    void where_the_database_is_missing() {
      assertThat(error(url("nothing", "postgres")))
          .contains("database \"nothing\" does not exist; make it first: CREATE DATABASE nothing");
    }

    @Test
    void where_the_url_is_no_postgresql_one() {
      assertThat(error("jdbc:h2:mem:x")).contains("H2 file of the data folder");
      assertThat(error("mysql://localhost/venue")).contains("like jdbc:postgresql://host:5432/");
      assertThat(error("jdbc:postgresql://localhost")).contains("with host and name");
      assertThat(error("jdbc:postgresql://localhost:x/venue?sslpassword=" + PASSWORD))
          .contains("with host and name")
          .doesNotContain(PASSWORD);
    }
  }
}
