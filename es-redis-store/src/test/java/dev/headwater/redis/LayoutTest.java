package dev.headwater.redis;

import static dev.headwater.redis.Commits.append;
import static dev.headwater.redis.Commits.commit;
import static dev.headwater.redis.Commits.events;
import static dev.headwater.redis.Commits.newStream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.event.EventType;
import dev.headwater.event.Metadata;
import dev.headwater.event.NewEvent;
import dev.headwater.event.StreamId;
import dev.headwater.redis.testing.TestRedis;
import dev.headwater.store.Commit;
import dev.headwater.store.EventStoreException;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.Receipt;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What {@code docs/reference/redis-layout.md} says, read as somebody without this library would.
 */
class LayoutTest {
  private final RedisStoreOptions options = TestRedis.shared().newStore();
  private final String ns = options.namespace();
  private final RedisEventStore store = RedisEventStore.connect(options);
  private final RedisClient client = RedisClient.create(TestRedis.shared().uri());
  private final RedisCommands<String, String> redis = client.connect().sync();

  @AfterEach
  void end() {
    client.close();
    store.close();
  }

  private int partitionAsDocumented(StreamId stream) {
    CRC32 crc = new CRC32();
    crc.update((stream.type() + ":" + stream.id()).getBytes(UTF_8));
    return (int) (crc.getValue() % 4);
  }

  private List<StreamMessage<String, String>> log(int partition) {
    return redis.xrange(ns + ":{" + partition + "}:log", Range.unbounded());
  }

  @Nested
  class Keys_and_values {
    @Test
    void the_store_describes_itself() {
      assertThat(redis.type(ns + ":meta")).isEqualTo("hash");
      assertThat(redis.hgetall(ns + ":meta")).isEqualTo(Map.of("layout", "1", "partitions", "4"));
    }

    @Test
    void a_stream_s_entries_are_its_events() {
      StreamId stream = new StreamId("Order", "größe|1:{x}");
      Metadata metadata = Metadata.atMicros(1_700_000_000_123_456L).withActor("ann");
      Commit commit =
          new Commit(
              "command-1",
              stream,
              ExpectedVersion.noStream(),
              metadata,
              List.of(
                  new NewEvent(new EventType("OrderPlaced", 2), "{\"price\":1}".getBytes(UTF_8)),
                  new NewEvent(new EventType("OrderShipped", 1), "{}".getBytes(UTF_8))));

      append(store, commit);

      int partition = partitionAsDocumented(stream);
      assertThat(store.partitionOf(stream)).isEqualTo(partition);
      var entries =
          redis.xrange(ns + ":{" + partition + "}:s:Order:größe|1:{x}", Range.unbounded());
      assertThat(entries.stream().map(StreamMessage::getId)).containsExactly("1-0", "2-0");
      assertThat(entries.getFirst().getBody())
          .containsExactly(
              Map.entry("c", "command-1"),
              Map.entry("t", "OrderPlaced#2"),
              Map.entry("m", "{\"at\":1700000000123456,\"act\":\"ann\"}"),
              Map.entry("d", "{\"price\":1}"));
    }

    @Test
    void the_log_refers_to_the_events_of_each_commit_and_the_head_to_its_end() {
      StreamId stream = new StreamId("Order", "a|b");
      append(store, commit(stream, 0, 3));
      Receipt receipt =
          append(
              store,
              new Commit(
                  "2",
                  stream,
                  ExpectedVersion.exactly(3),
                  Metadata.atMicros(1),
                  List.of(
                      new NewEvent(new EventType("A", 1), new byte[0]),
                      events(1).getFirst(),
                      events(1).getFirst())));

      int partition = partitionAsDocumented(stream);
      var log = log(partition);
      assertThat(log.stream().map(StreamMessage::getBody))
          .containsExactly(
              Map.of("r", "1|Order:a|b|1|3|Placed#1*3"),
              Map.of("r", "4|Order:a|b|4|3|A#1,Placed#1*2"));
      Map<String, String> head = redis.hgetall(ns + ":{" + partition + "}:head");
      assertThat(head)
          .containsEntry("sequence", "6")
          .containsEntry("log", log.getLast().getId())
          .containsEntry("epoch", String.valueOf(receipt.position().epoch()))
          .containsEntry("window", "4096")
          .hasSize(4);
      String ids = ns + ":{" + partition + "}:ids";
      assertThat(redis.hget(ids, "2")).isEqualTo(log.getLast().getId());
      assertThat(redis.hget(ids, "")).startsWith("0: ");
      assertThat(receipt.position().logId()).isEqualTo(log.getLast().getId());
    }
  }

  @Nested
  class Merged_commits {
    @Test
    void commits_of_one_stream_that_wait_together_share_a_log_entry_and_keep_their_ids() {
      StreamId stream = newStream();
      List<Commit> commits = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        commits.add(commit(stream, 2L * i, 2));
      }

      List<Receipt> receipts =
          commits.stream().map(store::append).toList().stream()
              .map(result -> Commits.receipt(result.join()))
              .toList();

      assertThat(log(store.partitionOf(stream)).size()).isBetween(1, 150);
      for (int i = 0; i < 200; i++) {
        assertThat(receipts.get(i).lastVersion()).isEqualTo(2L * i + 2);
        assertThat(receipts.get(i).position().sequence()).isEqualTo(2L * i + 2);
        assertThat(
                store.read(stream, 2L * i + 1, dev.headwater.store.ReadStream.Direction.FORWARD, 2))
            .extracting(event -> event.commitId())
            .containsOnly(commits.get(i).id());
      }
    }

    @Test
    void each_of_them_is_recognised_when_it_comes_again() {
      StreamId stream = newStream();
      List<Commit> commits = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        commits.add(commit(stream, i, 1));
      }
      List<Receipt> first =
          commits.stream().map(store::append).toList().stream()
              .map(result -> Commits.receipt(result.join()))
              .toList();

      for (int i = 0; i < 100; i += 7) {
        Receipt again = append(store, commits.get(i));
        assertThat(again.duplicate()).isTrue();
        assertThat(again.position()).isEqualTo(first.get(i).position());
      }
    }
  }

  @Nested
  class References {
    @Test
    void of_one_commit_are_parsed_from_both_ends() {
      LogEntry entry = LogEntry.parse("5-0", "17|Order:1|2|x#1|4|3|A#1,B.c-d#12*2");

      LogReference reference = entry.references().getFirst();
      assertThat(entry.references()).hasSize(1);
      assertThat(reference)
          .isEqualTo(new LogReference("5-0", 17, "Order:1|2|x#1", 4, 3, "A#1,B.c-d#12*2"));
      assertThat(reference.types(new EventTypes()))
          .containsExactly(
              new EventType("A", 1), new EventType("B.c-d", 12), new EventType("B.c-d", 12));
      assertThat(reference.lastVersion()).isEqualTo(6);
      assertThat(entry.lastSequence()).isEqualTo(19);
    }

    @Test
    void of_several_commits_are_lines_whose_sequences_follow_from_the_counts() {
      LogEntry entry =
          LogEntry.parse("5-0", "17|Order:a b|1|2|A#1*2\nOrder:1|2|x#1|4|1|B#1\nOrder:c|1|1|");

      assertThat(entry.references())
          .containsExactly(
              new LogReference("5-0", 17, "Order:a b", 1, 2, "A#1*2"),
              new LogReference("5-0", 19, "Order:1|2|x#1", 4, 1, "B#1"),
              new LogReference("5-0", 20, "Order:c", 1, 1, "B#1"));
      assertThat(entry.sequence()).isEqualTo(17);
      assertThat(entry.lastSequence()).isEqualTo(20);
    }

    @Test
    void that_are_something_else_are_refused() {
      for (String bad :
          List.of("", "hello", "1|", "1|Order:a|1|1", "1|Order:a|1|1|A#1\n", "x|a|1|1|A")) {
        assertThatThrownBy(() -> LogEntry.parse("5-0", bad))
            .as(bad)
            .isInstanceOf(EventStoreException.class)
            .hasMessageContaining("5-0");
      }
    }
  }
}
