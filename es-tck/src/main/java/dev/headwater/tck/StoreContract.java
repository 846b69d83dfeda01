package dev.headwater.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.EventType;
import dev.headwater.event.Metadata;
import dev.headwater.event.NewEvent;
import dev.headwater.event.Position;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.AppendResult;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.Commit;
import dev.headwater.store.EventStore;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.Receipt;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the suites have in common: a store for each test, and short words for what they do. */
abstract class StoreContract {
  static final Metadata METADATA = Metadata.atMicros(1_700_000_000_000_000L);

  private EventStore store;

  /** The store under test. */
  protected abstract EventStoreFixture fixture();

  @BeforeEach
  final void openStore() {
    store = fixture().open();
  }

  @AfterEach
  final void closeStore() {
    store.close();
  }

  final EventStore store() {
    return store;
  }

  static StreamId newStream() {
    return new StreamId("Order", UUID.randomUUID().toString());
  }

  static NewEvent event(String type, String json) {
    return new NewEvent(new EventType(type, 1), json.getBytes(UTF_8));
  }

  static List<NewEvent> events(int count) {
    return IntStream.range(0, count).mapToObj(i -> event("Counted", "{\"n\":" + i + "}")).toList();
  }

  static Commit commit(StreamId stream, ExpectedVersion expected, NewEvent... events) {
    return commit(stream, expected, List.of(events));
  }

  static Commit commit(StreamId stream, ExpectedVersion expected, List<NewEvent> events) {
    return new Commit(UUID.randomUUID().toString(), stream, expected, METADATA, events);
  }

  /** Appends a commit that must be stored. */
  final Receipt append(Commit commit) {
    return receipt(store.appendAndWait(commit));
  }

  /** Appends so many events to a stream of any version, one commit. */
  final Receipt append(StreamId stream, int count) {
    return append(commit(stream, ExpectedVersion.any(), events(count)));
  }

  static Receipt receipt(AppendResult result) {
    assertThat(result).isInstanceOf(Appended.class);
    return ((Appended) result).receipt();
  }

  final List<RecordedEvent> readAll(StreamId stream) {
    return store.readAll(stream, 1).toList();
  }

  static List<Long> versions(List<RecordedEvent> events) {
    return events.stream().map(RecordedEvent::version).toList();
  }

  static List<Long> range(long from, long to) {
    return java.util.stream.LongStream.rangeClosed(from, to).boxed().toList();
  }

  final List<Position> heads() {
    return IntStream.range(0, store.partitionCount()).mapToObj(store::head).toList();
  }

  /** Before the first event of each partition. */
  final List<Position> starts() {
    return heads().stream().map(head -> Position.start(head.partition(), head.epoch())).toList();
  }
}
