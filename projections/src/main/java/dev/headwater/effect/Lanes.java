package dev.headwater.effect;

import dev.headwater.event.SequencedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.readmodel.internal.OneLine;
import dev.headwater.store.Delivered;
import dev.headwater.store.Deliveries;
import dev.headwater.store.EventStoreException;
import dev.headwater.store.StoreUnavailableException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles what was delivered: the events of a stream one after another on a lane of their own,
 * different streams side by side. A lane that waits for its next attempt holds up no other one.
 */
final class Lanes {
  private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final String effect;
  private final EffectDispatcher dispatcher;
  private final DeadLetterTable letters;
  private final EffectSettings settings;
  private final Deliveries deliveries;
  private final Semaphore permits;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Map<StreamId, Lane> lanes = new HashMap<>();

  /**
   * Streams whose lanes have ended with dead letters since the last {@link #add}: the next one may
   * have looked for these before they were there. Guarded by the map's lock.
   */
  private final Set<StreamId> buried = new HashSet<>();

  /** Something was left undone: only a new delivery brings it again, so no other may be begun. */
  private volatile boolean broken;

  Lanes(
      String effect,
      EffectDispatcher dispatcher,
      DeadLetterTable letters,
      EffectSettings settings,
      Deliveries deliveries) {
    this.effect = effect;
    this.dispatcher = dispatcher;
    this.letters = letters;
    this.settings = settings;
    this.deliveries = deliveries;
    this.permits = new Semaphore(settings.concurrency());
  }

  /** The waiting events of one stream; guarded by the map's lock. */
  private static final class Lane {
    final ArrayDeque<Delivered> waiting = new ArrayDeque<>();

    /** Whether events of this stream wait behind a dead letter. Of the lane's thread. */
    boolean blocked;

    Lane(boolean blocked) {
      this.blocked = blocked;
    }
  }

  /** Takes over what was polled, with the streams that had dead letters behind that poll. */
  void add(List<Delivered> polled, Set<StreamId> blocked) {
    synchronized (lanes) {
      for (Delivered delivered : polled) {
        StreamId stream = delivered.events().getFirst().event().stream();
        Lane lane = lanes.get(stream);
        if (lane == null) {
          lane = new Lane(blocked.contains(stream) || buried.contains(stream));
          lanes.put(stream, lane);
          lane.waiting.add(delivered);
          Lane started = lane;
          Thread.ofVirtual().name("effect-" + effect).start(() -> run(stream, started));
        } else {
          lane.waiting.add(delivered);
        }
      }
      buried.clear();
    }
  }

  private void run(StreamId stream, Lane lane) {
    boolean goOn = true;
    while (true) {
      Delivered next;
      synchronized (lanes) {
        next = goOn ? lane.waiting.poll() : null;
        if (next == null) {
          lanes.remove(stream);
          if (lane.blocked) {
            buried.add(stream);
          }
          lanes.notifyAll();
          return;
        }
      }
      try {
        goOn = handle(lane, next);
      } catch (InterruptedException e) {
        goOn = false;
      } catch (RuntimeException e) {
        LOG.error("effect {} begins anew: {}", effect, OneLine.of(e), e);
        goOn = false;
      }
      broken |= !goOn;
    }
  }

  /** Whether something was left undone. */
  boolean isBroken() {
    return broken;
  }

  /** Whether it was handled and acknowledged. */
  private boolean handle(Lane lane, Delivered delivered) throws InterruptedException {
    for (SequencedEvent event : delivered.events()) {
      if (!handle(lane, delivered, event)) {
        return false;
      }
    }
    while (true) {
      try {
        deliveries.acknowledge(List.of(delivered));
        return true;
      } catch (StoreUnavailableException e) {
        LOG.debug("effect {} tries again to acknowledge: {}", effect, OneLine.of(e));
        if (sleep(PAUSE) || !deliveries.holds(delivered)) {
          return false;
        }
      } catch (EventStoreException e) {
        LOG.debug("effect {} can't acknowledge: {}", effect, OneLine.of(e));
        return false;
      }
    }
  }

  private boolean handle(Lane lane, Delivered delivered, SequencedEvent event)
      throws InterruptedException {
    int partition = delivered.position().partition();
    Instant firstAt = Instant.now();
    for (int attempt = 1; ; attempt++) {
      try {
        if (lane.blocked && letters.addBehind(partition, event)) {
          return true;
        }
        lane.blocked = false;
      } catch (SQLException e) {
        if (waitForDatabase(e)) {
          return false;
        }
        attempt--;
        continue;
      }
      Throwable failure;
      permits.acquire();
      try {
        if (isStopping() || broken || !deliveries.holds(delivered)) {
          return false;
        }
        failure = attempt(event);
      } finally {
        permits.release();
      }
      if (failure == null) {
        return true;
      }
      if (attempt >= settings.attempts()) {
        return bury(lane, partition, event, attempt, failure, firstAt);
      }
      LOG.debug("effect {} failed: {}", effect, OneLine.of(failure));
      if (sleep(settings.pauseAfter(attempt))) {
        return false;
      }
    }
  }

  private @org.jspecify.annotations.Nullable Throwable attempt(SequencedEvent event)
      throws InterruptedException {
    try {
      dispatcher.dispatch(event.event());
      return null;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      return e;
    }
  }

  private boolean bury(
      Lane lane,
      int partition,
      SequencedEvent event,
      int attempts,
      Throwable failure,
      Instant firstAt)
      throws InterruptedException {
    String error = OneLine.of(failure);
    while (true) {
      try {
        letters.add(partition, event, attempts, error, firstAt);
        lane.blocked = true;
        LOG.error(
            "effect {} gave up on version {} of {} after {} attempts; it is a dead letter now, and"
                + " later events of that stream wait behind it: {}",
            effect,
            event.event().version(),
            event.event().stream(),
            attempts,
            error,
            failure);
        return true;
      } catch (SQLException e) {
        if (waitForDatabase(e)) {
          return false;
        }
      }
    }
  }

  private boolean waitForDatabase(SQLException failure) throws InterruptedException {
    LOG.warn("effect {} waits for its database: {}", effect, OneLine.of(failure));
    return sleep(settings.firstPause());
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private boolean sleep(Duration pause) throws InterruptedException {
    return stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Lets handlers that run come to their end, for so long; begins no other one. */
  void stop(Duration patience) {
    stopping.countDown();
    long deadline = System.nanoTime() + patience.toNanos();
    synchronized (lanes) {
      long millis = patience.toMillis();
      while (!lanes.isEmpty() && millis > 0) {
        try {
          lanes.wait(millis);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
        millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      }
    }
  }
}
