package dev.headwater.projection;

import dev.headwater.codec.EventCodec;
import dev.headwater.event.Position;
import dev.headwater.projection.BatchApplier.Opened;
import dev.headwater.readmodel.ReadModel;
import dev.headwater.store.PartitionBatch;
import dev.headwater.store.SubscribeToPartitions;
import dev.headwater.store.Subscription;
import dev.headwater.store.SubscriptionSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one projection on a thread of its own: opens a session at the checkpoints, and after a
 * failure that may pass another one. The thread is never interrupted: H2 closes its file when a
 * thread is interrupted in it.
 */
final class ProjectionWorker {
  private static final Logger LOG = LoggerFactory.getLogger(ProjectionWorker.class);

  /** Longest gathering: a projection of rare types passes over many events for a full batch. */
  private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** How often to try again where nothing tells whether the failure may pass. */
  private static final int UNEXPLAINED_RETRIES = 5;

  private final Projection projection;
  private final String name;
  private final SubscribeToPartitions store;
  private final Heads heads;
  private final RunnerSettings settings;
  private final EventDispatcher dispatcher;
  private final BatchApplier applier;
  private final Progress progress;
  private volatile CountDownLatch stopping = new CountDownLatch(0);
  private volatile ProjectionState stateWhenStopped = ProjectionState.STOPPED;
  private @Nullable Thread thread;

  /** Whether the present session got as far as applying events, or finding none. */
  private boolean worked;

  /** When it was last looked how much is parked. */
  private long parkedSeen;

  /** Unexplained failures since events were last applied. */
  private int unexplained;

  ProjectionWorker(
      Projection projection,
      SubscribeToPartitions store,
      Heads heads,
      EventCodec codec,
      DataSource database,
      RunnerSettings settings) {
    this.projection = projection;
    this.name = projection.name();
    this.store = store;
    this.heads = heads;
    this.settings = settings;
    this.dispatcher = new EventDispatcher(codec, projection);
    this.applier = new BatchApplier(projection, dispatcher, database, settings.parking());
    this.progress = new Progress(name, heads);
  }

  Projection projection() {
    return projection;
  }

  Progress progress() {
    return progress;
  }

  /** Starts the thread; it must not be running. */
  void start() {
    stopping = new CountDownLatch(1);
    stateWhenStopped = ProjectionState.STOPPED;
    unexplained = 0;
    progress.started();
    thread = Thread.ofPlatform().name("projection-" + name).daemon().start(this::run);
  }

  /** Asks it to stop after the batch at hand. */
  void stop() {
    stopping.countDown();
  }

  /** Like {@link #stop}, but it will be started again: who waits for it waits on. */
  void pause() {
    stateWhenStopped = ProjectionState.CATCHING_UP;
    stop();
  }

  /** Waits until it has stopped. */
  void join() throws InterruptedException {
    if (thread != null) {
      thread.join();
    }
  }

  /** Empties the read model; the worker must not be running. */
  void reset() throws Exception {
    applier.reset();
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private void run() {
    Duration pause = settings.retryMin();
    while (!isStopping()) {
      worked = false;
      try {
        session();
      } catch (Exception | Error failure) {
        if (!mayGoOn(failure)) {
          return;
        }
        pause = worked ? settings.retryMin() : pause;
        sleep(pause);
        pause = min(pause.multipliedBy(2), settings.retryMax());
      }
    }
    progress.interrupted(stateWhenStopped, null);
  }

  private boolean mayGoOn(Throwable failure) {
    ProjectionState state = stateAfter(failure);
    String reason = Failures.describe(failure);
    boolean known = !worked && reason.equals(progress.status().lastError());
    progress.interrupted(state, reason);
    switch (state) {
      case RETRYING -> {
        if (!known) {
          LOG.warn("projection {} tries again until it can go on: {}", name, reason);
        }
      }
      case STOPPED -> LOG.error("projection {} has stopped: {}", name, reason);
      default -> LOG.error("projection {} has failed: {}", name, reason, failure);
    }
    return state == ProjectionState.RETRYING;
  }

  private ProjectionState stateAfter(Throwable failure) {
    if (Failures.isUnexplained(failure) && ++unexplained > UNEXPLAINED_RETRIES) {
      return ProjectionState.FAILED;
    }
    return Failures.stateAfter(failure);
  }

  private void sleep(Duration pause) {
    try {
      boolean stop = stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
      LOG.debug("projection {} {}", name, stop ? "stops" : "tries again");
    } catch (InterruptedException e) {
      stopping.countDown();
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private void session() throws Exception {
    Opened opened = applier.open(heads.refresh());
    List<Position> positions = opened.positions();
    SubscriptionSpec spec =
        new SubscriptionSpec(name, "runner", positions, dispatcher::wants, settings.batchEvents());
    try (Subscription subscription = store.subscribe(spec)) {
      progress.opened(positions, applier.parked());
      while (!isStopping()) {
        List<Position> reached = new ArrayList<>(positions);
        List<PartitionBatch> batches = gather(subscription, reached);
        if (!reached.equals(positions)) {
          apply(opened.readModel(), batches, positions, reached);
          positions = reached;
          unexplained = 0;
        }
        lookAtParked();
        progress.applied(positions, settings.batchEvents(), applier.parked());
        worked = true;
      }
    }
  }

  /** Sees in time what operators resolve, for {@link ProjectionStatus}. */
  private void lookAtParked() throws Exception {
    long now = System.nanoTime();
    if (applier.parked().aggregates() > 0 && now - parkedSeen >= settings.headsEvery().toNanos()) {
      applier.refreshParked();
      parkedSeen = now;
    }
  }

  /** Polls; while it is behind, until there is enough for a batch or it took long enough. */
  private List<PartitionBatch> gather(Subscription subscription, List<Position> reached) {
    List<PartitionBatch> gathered = new ArrayList<>();
    List<PartitionBatch> polled = subscription.poll(settings.pollWait());
    long deadline = System.nanoTime() + GATHER_NANOS;
    int events = 0;
    while (!polled.isEmpty()) {
      for (PartitionBatch batch : polled) {
        if (!batch.events().isEmpty()) {
          gathered.add(batch);
        }
        reached.set(batch.next().partition(), batch.next());
        events += batch.events().size();
      }
      boolean enough =
          events >= settings.batchEvents()
              || heads.lag(reached) == 0
              || System.nanoTime() - deadline >= 0
              || isStopping();
      polled = enough ? List.of() : subscription.poll(Duration.ZERO);
    }
    return gathered;
  }

  private void apply(
      ReadModel readModel,
      List<PartitionBatch> batches,
      List<Position> positions,
      List<Position> reached)
      throws Exception {
    List<Position> from = new ArrayList<>();
    List<Position> to = new ArrayList<>();
    for (int i = 0; i < positions.size(); i++) {
      if (!positions.get(i).equals(reached.get(i))) {
        from.add(positions.get(i));
        to.add(reached.get(i));
      }
    }
    applier.apply(readModel, batches, from, to, unexplained >= UNEXPLAINED_RETRIES);
  }
}
