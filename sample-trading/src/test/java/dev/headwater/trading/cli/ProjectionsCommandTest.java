package dev.headwater.trading.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.readmodel.ReadModelDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectionsCommandTest {
  @TempDir Path data;

  private CommandLineRun run(String... arguments) {
    return CommandLineRun.on(data, arguments);
  }

  private String done(String... arguments) {
    CommandLineRun run = run(arguments);
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    return run.out();
  }

  private List<String> versions() {
    return done("projections", "list")
        .lines()
        .skip(1)
        .map(line -> line.split(" +"))
        .map(words -> words[0] + " " + words[1] + " lag " + words[3])
        .toList();
  }

  private void sql(String... statements) throws SQLException {
    String url = ReadModelDatabase.fileUrl(data.resolve("read-models"));
    try (Connection connection = DriverManager.getConnection(url, "sa", "");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Nested
  class A_read_model_is_rebuilt_without_downtime {
    @Test
    void built_beside_compared_switched_rolled_back_and_dropped() throws SQLException {
      done("demo", "--orders", "500");
      sql("UPDATE orders_v1.orders SET account = 'wrong' WHERE order_id LIKE '%1'");

      assertThat(done("projections", "rebuild", "orders"))
          .contains("built orders@2 to event")
          .contains("orders@1 still serves");
      CommandLineRun compared = run("projections", "compare", "orders", "--rows", "2");
      assertThat(compared.status()).isEqualTo(3);
      assertThat(compared.out())
          .contains("orders@1, which serves, and orders@2, at the same position")
          .containsPattern("orders +\\d+ rows, checksum \\w{16}  DIFFERENT")
          .contains("account=wrong -> account=");
      assertThat(versions())
          .containsExactly(
              "market-data@1 serving lag 0", "orders@1 serving lag 0", "orders@2 building lag 0");
      assertThat(done("projections", "switch", "orders"))
          .isEqualTo("the views show orders@2 now; orders@1 is kept to roll back to\n");
      done("demo", "--orders", "100", "--seed", "9");
      assertThat(done("projections", "rollback", "orders"))
          .isEqualTo("the views show orders@1 now; orders@2 is kept to roll back to\n");
      assertThat(versions())
          .containsExactly(
              "market-data@1 serving lag 0", "orders@1 serving lag 0", "orders@2 kept lag 0");
      done("projections", "switch", "orders@2");
      assertThat(done("projections", "drop", "orders@1"))
          .isEqualTo("dropped orders@1 and its tables in schema orders_v1\n");
      assertThat(versions())
          .containsExactly("market-data@1 serving lag 0", "orders@2 serving lag 0");
      sql("SELECT * FROM orders", "SELECT * FROM depth");
    }

    @Test
    void with_errors_that_say_what_to_do() {
      done("demo", "--orders", "100");
      assertThat(run("projections", "drop", "orders@1").err())
          .isEqualTo("trading: orders@1 serves; switch to another version before it is dropped\n");
      assertThat(run("projections", "switch", "orders").err())
          .isEqualTo("trading: no version of projection orders is being built; rebuild it first\n");
      assertThat(run("projections", "rollback", "orders").err())
          .isEqualTo("trading: no version of projection orders is kept to roll back to\n");
      assertThat(run("projections", "compare", "orders@7").err()).contains("there is no");
      assertThat(run("projections", "rebuild", "nothing").err())
          .isEqualTo(
              "trading: there is no projection 'nothing'; there are [market-data, orders]\n");
      assertThat(run("projections", "drop", "orders").err())
          .isEqualTo("trading: 'orders' names no version; write it like orders@2\n");
      assertThat(CommandLineRun.of("projections").status()).isEqualTo(2);
    }
  }

  @Nested
  class Read_models_of_an_older_layout {
    @Test
    void are_put_aside_and_made_anew() throws SQLException {
      done("demo", "--orders", "100");
      data.resolve("read-models.mv.db").toFile().delete();
      sql("CREATE TABLE orders (symbol VARCHAR(10))");

      assertThat(versions()).anyMatch(line -> line.startsWith("orders@1 serving"));
      assertThat(data.resolve("read-models.unusable.mv.db")).exists();
    }
  }
}
