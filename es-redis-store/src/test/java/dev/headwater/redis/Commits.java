package dev.headwater.redis;

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
import dev.headwater.store.AppendResult.NotDurable;
import dev.headwater.store.Commit;
import dev.headwater.store.Durability;
import dev.headwater.store.EventStore;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.Receipt;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** Short words for what these tests do. */
final class Commits {
  private Commits() {}

  static StreamId newStream() {
    return new StreamId("Order", UUID.randomUUID().toString());
  }

  static Commit commit(StreamId stream, long expected, int events) {
    return commit(stream, ExpectedVersion.exactly(expected), events);
  }

  static Commit commit(StreamId stream, ExpectedVersion expected, int events) {
    return new Commit(
        UUID.randomUUID().toString(), stream, expected, Metadata.atMicros(5), events(events));
  }

  static List<NewEvent> events(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> new NewEvent(new EventType("Placed", 1), ("{\"n\":" + i + "}").getBytes(UTF_8)))
        .toList();
  }

  static Receipt append(EventStore store, Commit commit) {
    return receipt(store.appendAndWait(commit));
  }

  static Receipt receipt(AppendResult result) {
    if (result instanceof Appended(Receipt receipt)) {
      return receipt;
    }
    throw new AssertionError(result);
  }

  static List<Long> versions(EventStore store, StreamId stream) {
    return store.readAll(stream, 1).map(RecordedEvent::version).toList();
  }

  static List<Position> starts(EventStore store) {
    return IntStream.range(0, store.partitionCount())
        .mapToObj(p -> Position.start(p, store.head(p).epoch()))
        .toList();
  }

  static NotDurable notDurable(AppendResult result) {
    assertThat(result).isInstanceOf(NotDurable.class);
    return (NotDurable) result;
  }

  static Receipt append(EventStore store, Commit commit, Durability level) {
    return receipt(store.appendAndWait(commit, level));
  }

  /** A store that waits so many milliseconds for the reply to a call, and for an append's end. */
  static RedisStoreOptions within(RedisStoreOptions options, long reply, long deadline) {
    return options.withTimeouts(
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofMillis(reply),
        Duration.ofMillis(deadline));
  }
}
