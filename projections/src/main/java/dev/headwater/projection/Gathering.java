package dev.headwater.projection;

import dev.headwater.event.Position;
import dev.headwater.store.Subscription;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gets the events of a projection's next transaction: where it is far behind from a {@link
 * CatchUp}, ahead of time and together with others, else by a subscription of its own. For one
 * thread, which closes it when it fails or ends.
 */
final class Gathering implements AutoCloseable {
  private final ProjectionId id;
  private final EventDispatcher dispatcher;
  private final Reading reading;
  private final BooleanSupplier stopping;
  private @Nullable CatchUp joined;
  private @Nullable Subscription subscription;

  /** Where the own subscription is. */
  private Map<Integer, Position> subscribedAt = Map.of();

  Gathering(
      ProjectionId id, EventDispatcher dispatcher, Reading reading, BooleanSupplier stopping) {
    this.id = id;
    this.dispatcher = dispatcher;
    this.reading = reading;
    this.stopping = stopping;
  }

  /** Subscribes behind these positions, unless they are far behind. */
  void open(Map<Integer, Position> positions) {
    if (!reading.isFarBehind(positions)) {
      var unused = own(positions);
    }
  }

  /** What is to be applied next, behind these positions; waits a while where there is nothing. */
  Gathered next(Map<Integer, Position> positions) throws Exception {
    if (!reading.isFarBehind(positions)) {
      leave();
      return alone(positions);
    }
    Future<Gathered> batch = shared(positions);
    boolean others = joined != null && joined.projections().size() > 1;
    try {
      return others ? batch.get().only(dispatcher::wants) : batch.get();
    } catch (ExecutionException e) {
      leave();
      if (others) {
        return alone(positions); // it was read in another's name, and may concern that one alone
      }
      throw e.getCause() instanceof Exception failure ? failure : e;
    }
  }

  /** From now on, lets it be gathered what is behind these positions, if that is much. */
  void begin(Map<Integer, Position> positions) {
    if (!stopping.getAsBoolean() && reading.isFarBehind(positions)) {
      var unused = shared(positions);
    }
  }

  private Future<Gathered> shared(Map<Integer, Position> positions) {
    closeOwn();
    Future<Gathered> batch = joined == null ? null : joined.behind(positions);
    if (batch == null) {
      leave();
      Reading.Joined now = reading.join(id, positions, dispatcher::wants, stopping);
      joined = now.catchUp();
      batch = now.batch();
    }
    return batch;
  }

  private Gathered alone(Map<Integer, Position> positions) {
    Gathered gathered = reading.gather(own(positions), positions, stopping);
    subscribedAt = gathered.reached();
    return gathered;
  }

  private Subscription own(Map<Integer, Position> positions) {
    Subscription open = subscription;
    if (open == null || !subscribedAt.equals(positions)) {
      closeOwn();
      open = reading.subscribe(id, positions, dispatcher::wants);
      subscription = open;
      subscribedAt = new TreeMap<>(positions);
    }
    return open;
  }

  private void leave() {
    CatchUp left = joined;
    joined = null;
    if (left != null) {
      reading.leave(left, stopping);
    }
  }

  private void closeOwn() {
    Subscription open = subscription;
    subscription = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void close() {
    leave();
    closeOwn();
  }
}
