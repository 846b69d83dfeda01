package dev.headwater.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.Position;
import dev.headwater.event.SequencedEvent;
import dev.headwater.redis.testing.Await;
import dev.headwater.store.EventStore;
import dev.headwater.store.PartitionBatch;
import dev.headwater.store.StoreUnavailableException;
import dev.headwater.store.Subscription;
import dev.headwater.store.SubscriptionSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A subscriber in a thread of its own that checks that no event is missing or comes twice. */
final class Follower implements AutoCloseable {
  private final Subscription subscription;
  private final Map<Integer, Long> reached = new ConcurrentHashMap<>();
  private final AtomicInteger interruptions = new AtomicInteger();
  private final Thread thread;
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;

  /** Follows all partitions from their beginning. */
  Follower(EventStore store, String group) {
    List<Position> starts = Commits.starts(store);
    starts.forEach(start -> reached.put(start.partition(), 0L));
    subscription = store.subscribe(new SubscriptionSpec(group, "one", starts, type -> true, 200));
    thread = Thread.startVirtualThread(this::follow);
  }

  private void follow() {
    try {
      while (!closed) {
        try {
          subscription.poll(Duration.ofMillis(100)).forEach(this::take);
        } catch (StoreUnavailableException e) {
          interruptions.incrementAndGet(); // to be polled again
        }
      }
    } catch (RuntimeException | AssertionError e) {
      failure = e;
    }
  }

  private void take(PartitionBatch batch) {
    int partition = batch.next().partition();
    long last = reached.getOrDefault(partition, 0L);
    for (SequencedEvent event : batch.events()) {
      assertThat(event.sequence()).as("partition %d", partition).isEqualTo(++last);
    }
    reached.put(partition, last);
  }

  /** Waits until the ends of all partitions, as they are now, are reached. */
  void awaitEnd(EventStore store) {
    List<Position> heads = reached.keySet().stream().map(store::head).toList();
    Await.until(
        "a subscription reaches " + heads,
        Duration.ofSeconds(30),
        () ->
            failure != null
                || heads.stream()
                    .allMatch(head -> reached.get(head.partition()) >= head.sequence()));
    assertThat(failure).isNull();
  }

  long events() {
    return reached.values().stream().mapToLong(Long::longValue).sum();
  }

  /** How often a poll told that the store is not available. */
  int interruptions() {
    return interruptions.get();
  }

  @Override
  public void close() {
    closed = true;
    Await.until("a subscriber ends", Duration.ofSeconds(10), () -> !thread.isAlive());
    subscription.close();
  }
}
