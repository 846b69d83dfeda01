package dev.headwater.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.redis.testing.Await;
import dev.headwater.store.AppendOutcomeUnknownException;
import dev.headwater.store.AppendResult;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.AppendResult.NotDurable;
import dev.headwater.store.Commit;
import dev.headwater.store.Durability;
import dev.headwater.store.EventStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Writers that append one commit after another, each to streams of its own, and note what was
 * acknowledged at the level that they ask for. What is not acknowledged is sent again under its id
 * until it is.
 */
final class Load {
  private static final int WRITERS = 8;
  private static final int COMMITS_OF_A_STREAM = 5;

  private final EventStore store;
  private final Durability durability;
  private final Supplier<StreamId> newStream;
  private final Map<StreamId, List<String>> acknowledged = new ConcurrentHashMap<>();
  private final AtomicLong commits = new AtomicLong();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final List<Thread> writers = new ArrayList<>();
  private volatile boolean newStreams = true;
  private volatile boolean stopped;

  Load(EventStore store, Durability durability, Supplier<StreamId> newStream) {
    this.store = store;
    this.durability = durability;
    this.newStream = newStream;
    for (int w = 0; w < WRITERS; w++) {
      writers.add(Thread.startVirtualThread(this::write));
    }
  }

  /** Streams of one partition only. */
  static Supplier<StreamId> in(EventStore store, int partition) {
    return () -> {
      StreamId stream = Commits.newStream();
      while (store.partitionOf(stream) != partition) {
        stream = Commits.newStream();
      }
      return stream;
    };
  }

  private void write() {
    try {
      StreamId stream = newStream.get();
      for (int version = 0; !stopped; version++) {
        if (version >= COMMITS_OF_A_STREAM && newStreams) {
          stream = newStream.get();
          version = 0;
        }
        Commit commit = Commits.commit(stream, version, 1);
        appendUntilAcknowledged(commit);
        acknowledged.computeIfAbsent(stream, any -> new ArrayList<>()).add(commit.id());
        commits.incrementAndGet();
      }
    } catch (RuntimeException | AssertionError e) {
      failures.add(e);
    }
  }

  private void appendUntilAcknowledged(Commit commit) {
    while (true) {
      try {
        AppendResult result = store.appendAndWait(commit, durability);
        if (result instanceof Appended) {
          return;
        }
        if (!(result instanceof NotDurable)) {
          throw new AssertionError(result);
        }
      } catch (AppendOutcomeUnknownException e) {
        Thread.onSpinWait(); // that is resolved by the same commit
      }
    }
  }

  /** Whether writers begin new streams now and then. */
  void beginNewStreams(boolean begin) {
    newStreams = begin;
  }

  /** Waits until so many more commits are acknowledged. */
  void awaitMore(int count) {
    long target = commits.get() + count;
    Await.until(
        count + " more commits",
        Duration.ofSeconds(30),
        () -> commits.get() >= target || !failures.isEmpty());
    assertThat(failures).isEmpty();
  }

  /** Ends the writers, and checks that none has met an error. */
  void stop() throws InterruptedException {
    stopped = true;
    for (Thread writer : writers) {
      assertThat(writer.join(Duration.ofSeconds(40))).isTrue();
    }
    assertThat(failures).isEmpty();
  }

  /** What was acknowledged is there, once and in order, and nothing else. */
  void verify(EventStore reader) {
    assertThat(acknowledged).isNotEmpty();
    acknowledged.forEach(
        (stream, ids) -> {
          List<RecordedEvent> events = reader.readAll(stream, 1).toList();
          assertThat(events.stream().map(RecordedEvent::commitId).toList())
              .as(stream.toString())
              .isEqualTo(ids);
          assertThat(events.getLast().version()).isEqualTo(ids.size());
        });
  }

  /** {@link #verify}, and the log refers to each event once, without gap. */
  void verifyAsWhole(EventStore reader) throws InterruptedException {
    verify(reader);
    try (Follower follower = new Follower(reader, "verifier")) {
      follower.awaitEnd(reader);
      assertThat(follower.events()).isEqualTo(commits());
    }
  }

  long commits() {
    return commits.get();
  }
}
