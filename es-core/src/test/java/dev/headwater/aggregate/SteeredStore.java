package dev.headwater.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.Metadata;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.store.AppendOutcomeUnknownException;
import dev.headwater.store.AppendResult;
import dev.headwater.store.AppendToStream;
import dev.headwater.store.Commit;
import dev.headwater.store.Durability;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.ReadStream;
import dev.headwater.store.Receipt;
import dev.headwater.store.StoreUnavailableException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An in-memory store whose every append waits until the test says what becomes of it. */
final class SteeredStore implements ReadStream, AppendToStream {
  final InMemoryEventStore inner = new InMemoryEventStore();
  private final BlockingQueue<Held> held = new LinkedBlockingQueue<>();
  private volatile boolean holding;
  private volatile @Nullable RuntimeException readFailure;
  private volatile @Nullable RuntimeException appendFailure;

  /** From now on appends wait. */
  void hold() {
    holding = true;
  }

  /** From now on appends pass; those that wait go on waiting. */
  void flow() {
    holding = false;
  }

  /** From now on reads fail, or succeed again. */
  void failReads(@Nullable RuntimeException failure) {
    readFailure = failure;
  }

  /** From now on appends throw at once, which no store should do. */
  void breakAppends(@Nullable RuntimeException failure) {
    appendFailure = failure;
  }

  /** The append that has waited longest, or the next to come. */
  Held next() {
    try {
      return Objects.requireNonNull(held.poll(30, TimeUnit.SECONDS), "no append arrives");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  void nothingIsHeld() {
    assertThat(held).isEmpty();
  }

  /** Appends as another process does. */
  void external(StreamId stream, String commitId, Accounts.Event... events) {
    AppendResult result =
        inner.appendAndWait(
            new Commit(
                commitId,
                stream,
                ExpectedVersion.any(),
                Metadata.atMicros(0),
                Stream.of(events).map(Accounts.CODEC::encode).toList()));
    assertThat(result).isInstanceOf(AppendResult.Appended.class);
  }

  /** Commit ids of a stream, one an event. */
  List<String> commits(StreamId stream) {
    return inner.readAll(stream, 1).map(RecordedEvent::commitId).toList();
  }

  @Override
  public CompletableFuture<AppendResult> append(Commit commit, Durability durability) {
    RuntimeException failure = appendFailure;
    if (failure != null) {
      throw failure;
    }
    if (!holding) {
      return inner.append(commit);
    }
    Held waits = new Held(commit, durability);
    held.add(waits);
    return waits.answer;
  }

  @Override
  public List<RecordedEvent> read(StreamId stream, long from, Direction direction, int limit) {
    RuntimeException failure = readFailure;
    if (failure != null) {
      throw failure;
    }
    return inner.read(stream, from, direction, limit);
  }

  /** An append on its way. */
  final class Held {
    final Commit commit;
    final Durability durability;
    private final CompletableFuture<AppendResult> answer = new CompletableFuture<>();

    private Held(Commit commit, Durability durability) {
      this.commit = commit;
      this.durability = durability;
    }

    /** The store does it and answers. */
    void pass() {
      answer.complete(arrive());
    }

    /** The store does it; the answer is still to be given. */
    AppendResult arrive() {
      return inner.appendAndWait(commit);
    }

    /** The store does it, and can't prove that it is durable. */
    void passUnproven() {
      if (arrive() instanceof AppendResult.Appended(Receipt receipt)) {
        answer.complete(new AppendResult.NotDurable(receipt, durability, "no replica"));
      }
    }

    void answer(AppendResult result) {
      answer.complete(result);
    }

    /** The store does it, the answer is lost. */
    void loseAnswer() {
      arrive();
      unknown();
    }

    /** The store never sees it, and the caller can't know. */
    void loseRequest() {
      unknown();
    }

    private void unknown() {
      answer.completeExceptionally(
          new AppendOutcomeUnknownException(commit.id(), commit.stream(), "cut", null));
    }

    /** The store refuses it. */
    void refuse() {
      answer.completeExceptionally(new StoreUnavailableException("refused", null));
    }
  }
}
