package dev.headwater.trading.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
  @TempDir Path data;

  private static List<String> checksums(CommandLineRun run) {
    return run.out().lines().filter(line -> line.contains("checksum")).toList();
  }

  @Test
  void the_demo_proves_that_a_replay_gives_the_same_read_models() {
    CommandLineRun run = CommandLineRun.on(data, "demo", "--orders", "2000", "--seed", "7");

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(checksums(run)).hasSize(8).allMatch(line -> line.endsWith("same after replay"));
    assertThat(run.out())
        .contains("commands           2,000 (")
        .contains("top of book")
        .contains("the read models are the same as before")
        .contains("jdbc:h2:file:" + data.resolve("read-models"));
  }

  @Test
  void the_same_seed_gives_the_same_result_and_a_second_run_keeps_what_is_there() {
    CommandLineRun first = CommandLineRun.on(data.resolve("a"), "demo", "--orders", "1000");
    CommandLineRun elsewhere = CommandLineRun.on(data.resolve("b"), "demo", "--orders", "1000");
    CommandLineRun again = CommandLineRun.on(data.resolve("a"), "demo", "--orders", "1000");
    CommandLineRun other =
        CommandLineRun.on(data.resolve("a"), "demo", "--orders", "1000", "--seed", "8");

    assertThat(checksums(elsewhere)).isNotEmpty().isEqualTo(checksums(first));
    assertThat(checksums(again)).isEqualTo(checksums(first));
    assertThat(again.out())
        .contains("events of earlier runs, kept")
        .contains("had been handled before");
    assertThat(checksums(other)).isNotEqualTo(checksums(first));
    assertThat(other.out()).contains("commands           2,000 (");
  }

  @Test
  void an_impossible_number_of_orders_is_refused() {
    CommandLineRun run = CommandLineRun.on(data, "demo", "--orders", "0");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("trading: --orders must be at least 1, was: 0\n");
  }
}
