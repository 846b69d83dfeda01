package dev.headwater.projection;

import dev.headwater.codec.EventCodec;
import dev.headwater.event.EventType;
import dev.headwater.event.Position;
import dev.headwater.projection.ProjectionMoment.AttemptFailed;
import dev.headwater.projection.ProjectionMoment.BatchCommitted;
import dev.headwater.projection.ProjectionMoment.CaughtUp;
import dev.headwater.projection.ProjectionMoment.LeasesChanged;
import dev.headwater.readmodel.ReadModel;
import dev.headwater.readmodel.internal.Transactions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one projection on a thread of its own, as far as its partitions are this instance's: opens a
 * session at their checkpoints, and after a failure that may pass another one. The thread is never
 * interrupted: H2 closes its file when a thread is interrupted in it.
 */
final class ProjectionWorker {
  private static final Logger LOG = LoggerFactory.getLogger(ProjectionWorker.class);

  /** How often to try again where nothing tells whether the failure may pass. */
  private static final int UNEXPLAINED_RETRIES = 5;

  private static final int RESETS = 3;

  private final ProjectionId id;

  /** For people. */
  private final String name;

  private final Reading reading;
  private final Heads heads;
  private final RunnerSettings settings;
  private final EventDispatcher dispatcher;
  private final BatchApplier applier;
  private final Progress progress;
  private final Announcer announcer;
  private final Ownership ownership;
  private volatile CountDownLatch stopping = new CountDownLatch(0);
  private volatile ProjectionState stateWhenStopped = ProjectionState.STOPPED;
  private @Nullable Thread thread;

  /** Whether the present session got as far as applying events, or finding none. */
  private boolean worked;

  /** When it was last looked how much is parked. */
  private long parkedSeen = System.nanoTime();

  /** The partitions that the observer was told of last. */
  private final Set<Integer> held = new TreeSet<>();

  /** Unexplained failures since events were last applied. */
  private int unexplained;

  ProjectionWorker(
      Projection projection,
      Reading reading,
      Heads heads,
      EventCodec codec,
      Transactions database,
      String instance,
      RunnerSettings settings) {
    this.id = ProjectionId.of(projection);
    this.name = id.version() == 1 ? id.name() : id.toString();
    this.reading = reading;
    this.heads = heads;
    this.settings = settings;
    this.dispatcher = new EventDispatcher(codec, projection);
    this.applier = new BatchApplier(projection, dispatcher, database, settings.parking());
    this.progress = new Progress(id, heads);
    this.ownership = new Ownership(id, instance, heads, settings.lease(), progress);
    this.announcer = new Announcer(projection, settings.observer());
  }

  ProjectionId id() {
    return id;
  }

  Ownership ownership() {
    return ownership;
  }

  Progress progress() {
    return progress;
  }

  boolean wants(EventType type) {
    return dispatcher.wants(type);
  }

  /** Starts the thread; it must not be running. */
  void start() {
    stopping = new CountDownLatch(1);
    stateWhenStopped = ProjectionState.STOPPED;
    unexplained = 0;
    progress.started();
    ownership.offer();
    thread = Thread.ofPlatform().name("projection-" + name).daemon().start(this::run);
  }

  /** Asks it to stop after the batch at hand. */
  void stop() {
    stopping.countDown();
    ownership.wake();
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
    for (int attempt = 1; ; attempt++) {
      try {
        applier.reset(ownership);
        return;
      } catch (SQLException e) { // other instances take and give leases meanwhile
        if (Failures.stateAfter(e) != ProjectionState.RETRYING || attempt == RESETS) {
          throw e;
        }
        LOG.debug("projection {} is emptied again: {}", name, Failures.describe(e));
      }
    }
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private void run() {
    Duration pause = settings.retryMin();
    long workedAt = System.nanoTime();
    while (!isStopping()) {
      worked = false;
      try {
        session();
      } catch (Exception | Error failure) {
        if (!mayGoOn(failure)) {
          withdraw();
          return;
        }
        workedAt = worked ? System.nanoTime() : workedAt;
        if (System.nanoTime() - workedAt > settings.lease().toNanos()) {
          withdraw(); // what keeps this instance from working may spare another
        }
        pause = worked ? settings.retryMin() : pause;
        sleep(pause);
        pause = min(pause.multipliedBy(2), settings.retryMax());
      }
    }
    progress.interrupted(stateWhenStopped, null);
    holds(Set.of());
  }

  private void withdraw() {
    ownership.withdraw();
    progress.withdrawn();
  }

  private boolean mayGoOn(Throwable failure) {
    ProjectionState state = stateAfter(failure);
    String reason = Failures.describe(failure);
    boolean known = !worked && reason.equals(progress.status().lastError());
    progress.interrupted(state, reason);
    if (state == ProjectionState.DROPPED) {
      LOG.info("projection {} ends: {}", name, reason);
      progress.parked(ParkedCount.NONE);
      holds(Set.of());
      return false;
    }
    announcer.tell(new AttemptFailed(state, reason));
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
    List<Position> starts =
        heads.refresh().stream()
            .map(head -> Position.start(head.partition(), head.epoch()))
            .toList();
    ReadModel readModel = applier.check();
    ownership.offer();
    while (!isStopping()) {
      applier.requireAlive(); // partitions that were lost may be those of a version that is dropped
      Map<Integer, Checkpoint> mine = new TreeMap<>();
      for (Checkpoint one : applier.settle(ownership, starts, this::isStopping)) {
        mine.put(one.partition(), one);
      }
      progress.parked(applier.parked());
      holds(mine.keySet());
      if (mine.isEmpty()) {
        standBy();
      } else if (!follow(readModel, mine)) {
        return;
      }
    }
  }

  private void holds(Set<Integer> now) {
    if (!now.equals(held)) {
      Set<Integer> taken = new TreeSet<>(now);
      taken.removeAll(held);
      Set<Integer> left = new TreeSet<>(held);
      left.removeAll(now);
      held.clear();
      held.addAll(now);
      announcer.tell(new LeasesChanged(held, taken, left, Set.of()));
    }
  }

  private void standBy() throws InterruptedException {
    progress.opened(Map.of());
    worked = true;
    ownership.awaitDue(this::isStopping);
  }

  /**
   * Applies what arrives in the partitions of this instance, until others come or go.
   *
   * @return false if others have taken partitions: nothing is known then that a session begins with
   */
  private boolean follow(ReadModel readModel, Map<Integer, Checkpoint> mine) throws Exception {
    Map<Integer, Position> positions = new TreeMap<>();
    mine.forEach((partition, checkpoint) -> positions.put(partition, checkpoint.position()));
    try (Gathering gathering = new Gathering(id, dispatcher, reading, this::isStopping)) {
      gathering.open(positions);
      progress.opened(positions);
      while (!isStopping() && !ownership.isDue()) {
        Gathered gathered = gathering.next(positions);
        Map<Integer, Position> reached = gathered.reached();
        gathering.begin(reached);
        List<Checkpoint> from = new ArrayList<>();
        List<Position> to = new ArrayList<>();
        for (Checkpoint opened : mine.values()) {
          Position last = positions.getOrDefault(opened.partition(), opened.position());
          Position next = reached.getOrDefault(opened.partition(), last);
          if (!last.equals(next)) {
            from.add(new Checkpoint(last, opened.token()));
            to.add(next);
          }
        }
        positions.putAll(reached);
        if (!from.isEmpty()) {
          ownership.requireValid();
          apply(readModel, gathered, from, to);
          unexplained = 0;
        }
        lookAtParked();
        progress.applied(positions, settings.batchEvents());
        if (heads.lag(positions.values()) == 0) {
          announcer.tell(new CaughtUp());
        }
        worked = true;
      }
      return true;
    } catch (FencedException e) {
      ownership.lost(e.partitions());
      held.removeAll(e.partitions());
      announcer.tell(new LeasesChanged(held, Set.of(), Set.of(), e.partitions()));
      return false;
    }
  }

  /** Sees in time what operators resolve, for {@link ProjectionStatus}. */
  private void lookAtParked() throws Exception {
    long now = System.nanoTime();
    if (applier.parked().aggregates() > 0 && now - parkedSeen >= settings.headsEvery().toNanos()) {
      applier.refreshParked();
      parkedSeen = now;
    }
    progress.parked(applier.parked());
  }

  private void apply(
      ReadModel readModel, Gathered gathered, List<Checkpoint> from, List<Position> to)
      throws Exception {
    long fetched = System.nanoTime();
    boolean live = progress.isLive();
    boolean blameUnexplained = unexplained >= UNEXPLAINED_RETRIES;
    long written = applier.apply(readModel, gathered.events(), from, to, blameUnexplained);
    announcer.tell(
        new BatchCommitted(
            gathered.batches(),
            from.stream().map(Checkpoint::position).toList(),
            to,
            live,
            gathered.nanos(),
            written - fetched,
            System.nanoTime() - written));
  }
}
