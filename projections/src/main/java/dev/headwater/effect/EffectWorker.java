package dev.headwater.effect;

import dev.headwater.codec.EventCodec;
import dev.headwater.effect.EffectStatus.State;
import dev.headwater.event.Position;
import dev.headwater.readmodel.internal.OneLine;
import dev.headwater.store.DeliverToGroup;
import dev.headwater.store.Delivered;
import dev.headwater.store.Deliveries;
import dev.headwater.store.DeliverySpec;
import dev.headwater.store.GroupLostException;
import dev.headwater.store.ReadPartitions;
import dev.headwater.store.StoreWentBackException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one effect: polls for it, and keeps its place. */
final class EffectWorker<S extends ReadPartitions & DeliverToGroup> {
  private static final Logger LOG = LoggerFactory.getLogger(EffectWorker.class);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final long SAVE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String name;
  private final StartAt startAt;
  private final S store;
  private final EffectDispatcher dispatcher;
  private final DeadLetterTable letters;
  private final EffectPlaces places;
  private final EffectSettings settings;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private @Nullable Thread thread;
  private volatile State state = State.STOPPED;
  private volatile List<Position> acknowledged = List.of();
  private volatile @Nullable String lastError;

  EffectWorker(
      Effect effect, S store, EventCodec codec, DataSource database, EffectSettings settings) {
    this.name = effect.name();
    this.startAt = effect.startAt();
    this.store = store;
    this.dispatcher = new EffectDispatcher(codec, effect);
    this.letters = new DeadLetterTable(name, database);
    this.places = new EffectPlaces(name, database);
    this.settings = settings;
  }

  EffectStatus status() {
    return new EffectStatus(name, state, acknowledged, lastError);
  }

  void start() {
    thread = Thread.ofPlatform().name("effect-" + name).daemon().start(this::run);
  }

  void stop() {
    stopping.countDown();
  }

  void join() throws InterruptedException {
    if (thread != null) {
      thread.join();
    }
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private void run() {
    int failures = 0;
    while (!isStopping()) {
      try {
        session();
        failures = 0;
      } catch (StoreWentBackException e) {
        lastError = OneLine.of(e);
        LOG.error("effect {} has stopped: {}", name, lastError);
        break;
      } catch (GroupLostException e) {
        lastError = OneLine.of(e);
        LOG.warn("effect {} goes on at the last known place: {}", name, lastError);
        failures = failures(failures);
      } catch (Exception | Error e) {
        boolean known = OneLine.of(e).equals(lastError);
        lastError = OneLine.of(e);
        if (!known) {
          LOG.warn("effect {} tries again until it can go on: {}", name, lastError, e);
        }
        failures = failures(failures);
      }
    }
    state = State.STOPPED;
  }

  private int failures(int before) {
    // Once it ran again the pauses begin anew.
    int failures = state == State.RUNNING ? 1 : before + 1;
    state = State.RETRYING;
    try {
      boolean stop =
          stopping.await(settings.pauseAfter(failures).toMillis(), TimeUnit.MILLISECONDS);
      LOG.debug("effect {} {}", name, stop ? "stops" : "tries again");
    } catch (InterruptedException e) {
      stop();
    }
    return failures;
  }

  private void session() throws SQLException {
    List<Position> heads =
        IntStream.range(0, store.partitionCount()).mapToObj(store::head).toList();
    DeliverySpec spec =
        new DeliverySpec(
            name,
            UUID.randomUUID().toString(),
            places.loadOrBegin(startAt, heads),
            dispatcher::wants,
            settings.maxEvents(),
            settings.abandonedAfter());
    try (Deliveries deliveries = store.deliver(spec)) {
      Lanes lanes = new Lanes(name, dispatcher, letters, settings, deliveries);
      try {
        state = State.RUNNING;
        work(deliveries, lanes);
      } finally {
        lanes.stop(settings.abandonedAfter().dividedBy(3));
        acknowledged = deliveries.acknowledged();
        places.save(acknowledged);
      }
    }
  }

  private void work(Deliveries deliveries, Lanes lanes) throws SQLException {
    long saveAt = System.nanoTime() + SAVE_NANOS;
    while (!isStopping() && !lanes.isBroken()) {
      List<Delivered> polled = deliveries.poll(POLL);
      if (!polled.isEmpty()) {
        // Behind the poll: what another instance gave up on before it is among them.
        lanes.add(polled, letters.blocked());
      }
      List<Position> now = deliveries.acknowledged();
      if (System.nanoTime() - saveAt >= 0 && !now.equals(acknowledged)) {
        places.save(now);
        saveAt = System.nanoTime() + SAVE_NANOS;
      }
      acknowledged = now;
    }
  }
}
