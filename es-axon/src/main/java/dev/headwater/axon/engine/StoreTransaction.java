package dev.headwater.axon.engine;

import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.AppendResult;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.AppendResult.Conflict;
import dev.headwater.store.AppendResult.NotDurable;
import dev.headwater.store.AppendResult.StoreBehind;
import dev.headwater.store.Commit;
import dev.headwater.store.EventStore;
import dev.headwater.store.EventStoreException;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.ReadStream.Direction;
import dev.headwater.store.Receipt;
import dev.headwater.store.StoreWentBackException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.axonframework.eventsourcing.eventstore.AggregateBasedConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.AppendEventsTransactionRejectedException;
import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine.AppendTransaction;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.jspecify.annotations.Nullable;

/**
 * One transaction: a commit for each stream that it has events of. Nothing is sent before it is
 * committed, so there is nothing to roll back.
 */
final class StoreTransaction implements AppendTransaction<AggregateBasedConsistencyMarker> {
  private final EventStore store;
  private final List<Commit> commits;
  private final AggregateBasedConsistencyMarker before;
  private final SourcedVersions versions;
  private final Executor continuations;
  private final AtomicBoolean finished = new AtomicBoolean();

  StoreTransaction(
      EventStore store,
      List<Commit> commits,
      AggregateBasedConsistencyMarker before,
      SourcedVersions versions,
      Executor continuations) {
    this.store = store;
    this.commits = commits;
    this.before = before;
    this.versions = versions;
    this.continuations = continuations;
  }

  @Override
  public CompletableFuture<AggregateBasedConsistencyMarker> commit(
      @Nullable ProcessingContext context) {
    if (finished.getAndSet(true)) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("Already committed or rolled back"));
    }
    // The store's own threads must not run what Axon and the application do next.
    return commits.size() == 1
        ? append(commits.getFirst())
            .thenApply(receipt -> after(List.of(receipt)))
            .whenCompleteAsync((marker, failure) -> {}, continuations)
        : CompletableFuture.supplyAsync(() -> after(appendInSteps()), continuations);
  }

  private List<Receipt> appendInSteps() {
    commits.forEach(this::requireNoConflict);
    List<Receipt> stored = new ArrayList<>();
    TransactionNotDurableException notDurable = null;
    for (Commit commit : commits) {
      try {
        stored.add(append(commit).join());
      } catch (CompletionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        if (cause instanceof TransactionNotDurableException weak) {
          stored.add(weak.receipt());
          notDurable = weak;
        } else {
          throw stored.isEmpty()
              ? e
              : new TransactionPartlyStoredException(
                  stored.stream().map(Receipt::stream).toList(), commit.stream(), cause);
        }
      }
    }
    if (notDurable != null) {
      throw notDurable;
    }
    return stored;
  }

  private void requireNoConflict(Commit commit) {
    List<RecordedEvent> last = store.read(commit.stream(), Long.MAX_VALUE, Direction.BACKWARD, 1);
    long actual = last.isEmpty() ? 0 : last.getFirst().version();
    if (actual > expected(commit)) {
      throw rejected();
    }
  }

  private static long expected(Commit commit) {
    return ((ExpectedVersion.Exactly) commit.expected()).version();
  }

  private CompletableFuture<Receipt> append(Commit commit) {
    return store
        .append(commit)
        .thenCompose(
            result ->
                result instanceof StoreBehind behind
                        && behind.actual() == 0
                        && versions.mayBeEmpty(commit.stream(), behind.expected())
                    ? store.append(onNoStream(commit))
                    : CompletableFuture.completedFuture(result))
        .thenApply(result -> receipt(commit.stream(), result));
  }

  private static Commit onNoStream(Commit commit) {
    return new Commit(
        commit.id(),
        commit.stream(),
        ExpectedVersion.noStream(),
        commit.metadata(),
        commit.events());
  }

  private Receipt receipt(StreamId stream, AppendResult result) {
    return switch (result) {
      case Appended(Receipt receipt) -> {
        if (!receipt.stream().equals(stream)) {
          throw new EventStoreException(
              "not stored: an event with the same identifier is in "
                  + receipt.stream()
                  + ", it can't be appended to "
                  + stream
                  + " too; publish a message with an identifier of its own");
        }
        versions.appended(stream, receipt.lastVersion());
        yield receipt;
      }
      case NotDurable outcome -> {
        versions.appended(stream, outcome.receipt().lastVersion());
        throw new TransactionNotDurableException(outcome);
      }
      case Conflict conflict -> throw rejected();
      case StoreBehind behind ->
          throw new StoreWentBackException(
              stream
                  + " was sourced up to version "
                  + behind.expected()
                  + ", the store has "
                  + behind.actual()
                  + ": it has lost events, or the marker is another store's");
    };
  }

  private AppendEventsTransactionRejectedException rejected() {
    return AppendEventsTransactionRejectedException.conflictingEventsDetected(before);
  }

  private AggregateBasedConsistencyMarker after(List<Receipt> receipts) {
    AggregateBasedConsistencyMarker marker = before;
    for (Receipt receipt : receipts) {
      if (AggregateStreams.isAggregate(receipt.stream())) {
        marker =
            marker.doUpperBound(SourcedVersions.marker(receipt.stream(), receipt.lastVersion()));
      }
    }
    return marker;
  }

  @Override
  public CompletableFuture<ConsistencyMarker> afterCommit(
      AggregateBasedConsistencyMarker marker, @Nullable ProcessingContext context) {
    return CompletableFuture.completedFuture(marker);
  }

  @Override
  public void rollback(@Nullable ProcessingContext context) {
    finished.set(true);
  }
}
