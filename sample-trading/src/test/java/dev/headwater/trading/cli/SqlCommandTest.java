package dev.headwater.trading.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlCommandTest {
  @TempDir Path data;

  private CommandLineRun sql(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "sql";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return CommandLineRun.on(data, all);
  }

  @Test
  void prints_columns_or_csv_and_changes_nothing() {
    assertThat(sql("SELECT 1").err()).startsWith("trading: there are no read models in ");
    CommandLineRun.on(data, "demo", "--orders", "50");

    assertThat(sql("SELECT symbol, tick_size FROM instruments ORDER BY 1").out())
        .startsWith("symbol  tick_size\nALPN    ")
        .endsWith(" rows)\n");
    assertThat(sql("--csv", "SELECT 'a \"b\", c' AS x, NULL AS y, '' AS z").out())
        .isEqualTo("x,y,z\n\"a \"\"b\"\", c\",,\"\"\n");
    assertThat(sql("SELECT * FROM orders WHERE 1 = 0").out()).endsWith("(0 rows)\n");
    assertThat(sql("SELECT * FROM SYSTEM_RANGE(1, 2001)").out()).endsWith("\n(2,001 rows)\n");

    assertThat(sql("SELECT * FROM nothing").err())
        .startsWith("trading: the query failed: Table \"NOTHING\" not found");
    CommandLineRun writing = sql("SELECT COUNT(*) FROM OLD TABLE (DELETE FROM orders_v1.orders)");
    assertThat(writing.status()).isEqualTo(1);
    assertThat(writing.err()).contains("read only");
    assertThat(sql("--csv", "SELECT COUNT(*) > 0 AS kept FROM orders").out())
        .isEqualToIgnoringCase("kept\ntrue\n");
  }
}
