package dev.headwater.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.Position;
import dev.headwater.event.StreamId;
import dev.headwater.store.Receipt;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Rules of partitions and their heads. */
public abstract class PartitionContract extends StoreContract {
  @Nested
  class Streams {
    @Test
    void a_stream_stays_in_its_partition() {
      StreamId stream = newStream();
      int partition = store().partitionOf(stream);

      for (int i = 0; i < 5; i++) {
        assertThat(append(stream, 1).position().partition()).isEqualTo(partition);
        assertThat(store().partitionOf(new StreamId(stream.type(), stream.id())))
            .isEqualTo(partition);
      }
      assertThat(store().head(partition).sequence()).isEqualTo(5);
    }

    @Test
    void streams_spread_over_all_partitions() {
      assertThat(store().partitionCount()).isGreaterThan(1);
      for (int i = 0; i < 40 * store().partitionCount(); i++) {
        append(newStream(), 1);
      }

      assertThat(heads()).allMatch(head -> head.sequence() > 0);
    }
  }

  @Nested
  class Heads {
    @Test
    void a_partition_begins_at_its_start_and_moves_with_its_own_events_only() {
      assertThat(heads()).isEqualTo(starts());
      StreamId stream = newStream();

      Receipt receipt = append(stream, 4);

      assertThat(receipt.position().sequence()).isEqualTo(4);
      for (Position head : heads()) {
        boolean own = head.partition() == store().partitionOf(stream);
        assertThat(head)
            .isEqualTo(own ? receipt.position() : Position.start(head.partition(), head.epoch()));
      }
    }

    @Test
    void the_sequence_counts_events_without_gap() {
      int partition = 0;
      long sequence = 0;
      List<StreamId> streams =
          java.util.stream.Stream.generate(StoreContract::newStream)
              .filter(stream -> store().partitionOf(stream) == partition)
              .limit(10)
              .toList();
      for (int i = 0; i < 30; i++) {
        int count = 1 + i % 4;
        sequence += count;

        assertThat(append(streams.get(i % 10), count).position().sequence()).isEqualTo(sequence);
        assertThat(store().head(partition).sequence()).isEqualTo(sequence);
      }
    }
  }
}
