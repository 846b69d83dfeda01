package dev.headwater.aggregate;

import dev.headwater.codec.EventCodec;
import dev.headwater.event.Metadata;
import dev.headwater.store.AppendToStream;
import dev.headwater.store.OverloadedException;
import dev.headwater.store.ReadStream;
import java.util.concurrent.CompletableFuture;

/**
 * Carries commands to the aggregates of one type: loads, decides, appends, and on a conflict reads
 * what is new and decides again. Called by applications and by the command bus. Thread-safe.
 *
 * <p>Commands to one aggregate are decided one after another in the order in which they were handed
 * over, each on the state that the one before leads to, without waiting until that one is stored; a
 * caller is answered only when everything that the answer rests on is stored. Other processes may
 * write to the same aggregates at the same time.
 *
 * @param <C> commands
 * @param <S> state
 * @param <E> events
 */
public final class AggregateRuntime<C, S, E> implements HandleCommands<C, E> {
  private final AggregateHistory<S, E> history;
  private final Mailboxes<C, S, E> mailboxes;

  private AggregateRuntime(AggregateHistory<S, E> history, Mailboxes<C, S, E> mailboxes) {
    this.history = history;
    this.mailboxes = mailboxes;
  }

  /**
   * A runtime for aggregates of {@code type}, which is the type of their streams.
   *
   * @param eventClass the sealed interface of their events, all registered with the codec
   */
  public static <C, S, E, T extends ReadStream & AppendToStream> AggregateRuntime<C, S, E> create(
      String type,
      Decider<C, S, E> decider,
      Class<E> eventClass,
      EventCodec codec,
      T store,
      RuntimeOptions options) {
    return on(
        store,
        new AggregateHistory<>(type, decider, eventClass, codec, store),
        decider,
        codec,
        options,
        new SnapshotWriter<>(type, null));
  }

  /**
   * The same with snapshots: an aggregate is loaded from its latest one, and a new one is written
   * after its events are stored, whenever the policy says so. No command waits for that.
   *
   * <p>Commands before the snapshot are not among those that the runtime remembers: one that comes
   * again is for the store to recognise.
   */
  public static <C, S, E, T extends ReadStream & AppendToStream> AggregateRuntime<C, S, E> create(
      String type,
      Decider<C, S, E> decider,
      Class<E> eventClass,
      EventCodec codec,
      T store,
      RuntimeOptions options,
      Snapshots<S> snapshots) {
    return on(
        store,
        new AggregateHistory<>(type, decider, eventClass, codec, store, snapshots),
        decider,
        codec,
        options,
        new SnapshotWriter<>(type, snapshots));
  }

  private static <C, S, E> AggregateRuntime<C, S, E> on(
      AppendToStream store,
      AggregateHistory<S, E> history,
      Decider<C, S, E> decider,
      EventCodec codec,
      RuntimeOptions options,
      SnapshotWriter<S> writer) {
    return new AggregateRuntime<>(
        history,
        new Mailboxes<>(new AggregateType<>(history, decider, codec, store, options, writer)));
  }

  /**
   * {@inheritDoc}
   *
   * <p>Called on a virtual thread, it may load the aggregate on that thread and decide other
   * callers' commands on it. On a platform thread it returns at once and leaves the work to a
   * virtual one, so it may be called from where the outcome of another command arrives.
   */
  @Override
  public CompletableFuture<CommandOutcome<E>> handle(
      String aggregateId, String commandId, Metadata metadata, C command) {
    PendingCommand<C, S, E> pending = new PendingCommand<>(commandId, metadata, command);
    try {
      mailboxes.open(aggregateId).deliver(pending);
    } catch (OverloadedException e) {
      return CompletableFuture.failedFuture(e);
    }
    return pending.promise;
  }

  /** The stored history of these aggregates. */
  public AggregateHistory<S, E> history() {
    return history;
  }
}
