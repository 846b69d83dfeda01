package dev.headwater.projection;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.codec.EventCodec;
import dev.headwater.event.Position;
import dev.headwater.event.SequencedEvent;
import dev.headwater.projection.Accounts.Deposited;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.store.PartitionBatch;
import dev.headwater.store.Subscription;
import dev.headwater.store.SubscriptionSpec;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("h2-faults")
class KilledProcessTest {
  private static final EventCodec CODEC = Accounts.CODEC;

  @TempDir private Path folder;
  private final Fixture fixture = new Fixture();

  @Nested
  class A_process_that_is_killed_leaves_rows_and_checkpoints_that_agree {
    @Test
    void whenever_it_is_killed() throws Exception {
      fixture.deposit(RunUntilKilled.COMMITS);
      Random random = new Random(11);
      for (int round = 0; round < 4; round++) {
        Path file = folder.resolve("read" + round);
        Process process = start(file);
        assertThat(process.inputReader().readLine()).isEqualTo("running");
        Thread.sleep(random.nextInt(2_500));
        process.destroyForcibly().waitFor();
        try (HikariDataSource database = ReadModelDatabase.h2File(file)) {
          // The first half second may not have reached the file, tables included.
          Fixture.migrate(database);
          assertThat(Fixture.balances(database)).isEqualTo(upToCheckpoints(database, "balances"));
          assertThat(Fixture.ledger(database)).isEqualTo(upToCheckpoints(database, "ledger"));
        }
      }
    }
  }

  private static Process start(Path file) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
            "-cp",
            System.getProperty("java.class.path"),
            RunUntilKilled.class.getName(),
            file.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** What the events up to a projection's checkpoints add up to. */
  private Map<String, BigDecimal> upToCheckpoints(HikariDataSource database, String projection) {
    Map<String, BigDecimal> sums = new TreeMap<>();
    for (int partition = 0; partition < fixture.store.partitionCount(); partition++) {
      long checkpoint =
          Fixture.number(
              database,
              "SELECT COALESCE(MAX(sequence), 0) FROM headwater.projection_checkpoint WHERE"
                  + " projection = '"
                  + projection
                  + "' AND partition_no = "
                  + partition);
      for (SequencedEvent event : events(partition)) {
        if (event.sequence() <= checkpoint) {
          Deposited deposited = (Deposited) CODEC.decode(event.event());
          sums.merge(deposited.account(), deposited.amount().setScale(2), BigDecimal::add);
        }
      }
    }
    return sums;
  }

  private List<SequencedEvent> events(int partition) {
    Position start = Position.start(partition, fixture.store.head(partition).epoch());
    SubscriptionSpec spec =
        new SubscriptionSpec("test", "test", List.of(start), type -> true, Integer.MAX_VALUE);
    try (Subscription subscription = fixture.store.subscribe(spec)) {
      return subscription.poll(Duration.ZERO).stream()
          .map(PartitionBatch::events)
          .flatMap(List::stream)
          .toList();
    }
  }
}
