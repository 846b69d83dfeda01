package dev.headwater.projection;

import dev.headwater.codec.EventCodec;
import dev.headwater.event.Position;
import dev.headwater.readmodel.ReadModelException;
import dev.headwater.readmodel.internal.Transactions;
import dev.headwater.store.ReadPartitions;
import dev.headwater.store.SubscribeToPartitions;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps read models up to date with an event store, each projection on a thread of its own.
 * Thread-safe.
 *
 * <p>Rows and checkpoints are written in one transaction, so every event counts exactly once,
 * whatever fails, as far as the database keeps its transactions. A projection that can't reach the
 * database or the store tries again until it can. An event that can't be handled parks its
 * aggregate, see {@link ParkedAggregates}, and all others go on; where that befalls more aggregates
 * than {@link RunnerSettings#parking} allows, the projection stops as failed and the others go on.
 * Before it is started, the schema must have been made by {@link
 * dev.headwater.readmodel.Migrations}.
 */
public final class ProjectionRunner implements AwaitProjection, AutoCloseable {
  /** How long to wait for one projection before looking whether another has halted. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Heads heads;
  private final HeadWatch headWatch;
  private final String instance = Instances.next();
  private final Workers workers;
  private final LeaseKeeper keeper;
  private final CheckpointWatch watch;
  private final @Nullable VersionFollower follower;
  private @Nullable Thread watching;
  private @Nullable Thread keeping;
  private @Nullable Thread following;
  private boolean closed;

  /** A runner with default settings. */
  public <S extends ReadPartitions & SubscribeToPartitions> ProjectionRunner(
      S store,
      EventCodec codec,
      DataSource database,
      Collection<? extends Projection> projections) {
    this(store, codec, database, projections, RunnerSettings.DEFAULT);
  }

  /**
   * A runner, not started yet.
   *
   * @param database where the tables of the projections and the framework's schema are; needs a
   *     connection for each projection and two more, and is not closed by the runner
   * @throws IllegalArgumentException if projections share name and version or a table, or handle no
   *     event, or the database is a pool of too few connections
   */
  public <S extends ReadPartitions & SubscribeToPartitions> ProjectionRunner(
      S store,
      EventCodec codec,
      DataSource database,
      Collection<? extends Projection> projections,
      RunnerSettings settings) {
    this(new Heads(store), store, codec, database, projections, settings, null);
  }

  /**
   * A runner that runs versions which come later, too.
   *
   * @param source of these; null for none
   */
  ProjectionRunner(
      Heads heads,
      SubscribeToPartitions store,
      EventCodec codec,
      DataSource database,
      Collection<? extends Projection> projections,
      RunnerSettings settings,
      VersionFollower.@Nullable Source source) {
    this.heads = heads;
    headWatch = new HeadWatch(heads, new Transactions(database), settings.headsEvery());
    workers = new Workers(store, heads, codec, database, instance, settings);
    workers.addAll(projections, source == null ? 2 : 3);
    Transactions transactions = new Transactions(database);
    watch = new CheckpointWatch(transactions);
    keeper = new LeaseKeeper(transactions, instance, workers.ownerships(), heads, settings);
    follower =
        source == null
            ? null
            : new VersionFollower(source, workers::alive, this::runToo, settings.instancesEvery());
  }

  /** How this runner is called among those that share its projections: host, process, number. */
  public String instance() {
    return instance;
  }

  /**
   * Starts all projections; returns at once.
   *
   * @throws IllegalStateException if it was started or closed before
   */
  public synchronized void start() {
    if (watching != null || closed) {
      throw new IllegalStateException("a projection runner can be started once");
    }
    watching = thread("projection-heads", headWatch);
    workers.all().forEach(ProjectionWorker::start);
    keeping = thread("projection-leases", keeper);
    if (follower != null) {
      following = thread("projection-versions", follower);
    }
  }

  private static Thread thread(String name, Runnable work) {
    return Thread.ofPlatform().name(name).daemon().start(work);
  }

  /** Runs a version that came, or came again after it was dropped. */
  private synchronized void runToo(Projection version) {
    if (watching == null || closed || workers.alive().contains(ProjectionId.of(version))) {
      return;
    }
    ProjectionWorker worker = workers.add(version);
    worker.start();
    keeper.add(worker.id(), worker.ownership());
  }

  /**
   * Stops all projections after the batch that each has at hand, waits for that, and leaves the
   * partitions to other instances.
   */
  @Override
  public void close() {
    Thread first = closing();
    if (first != null) { // it may wait for this object
      Uninterrupted.run(first::join);
    }
    stopAll();
  }

  private synchronized @Nullable Thread closing() {
    closed = true;
    if (follower != null) {
      follower.stop();
    }
    return following;
  }

  private synchronized void stopAll() {
    headWatch.stop();
    workers.all().forEach(ProjectionWorker::stop);
    Uninterrupted.run(
        () -> {
          for (ProjectionWorker worker : workers.all()) {
            worker.join();
          }
          if (watching != null) {
            watching.join();
          }
          if (keeping != null) {
            keeper.stop();
            keeping.join();
          }
        });
  }

  /** How each projection is doing. */
  public List<ProjectionStatus> status() {
    return workers.all().stream().map(worker -> worker.progress().status()).toList();
  }

  /**
   * How a projection is doing.
   *
   * @param projection {@code orders@2}, or {@code orders} for the version that serves: so wherever
   *     this class takes a name
   * @throws IllegalArgumentException if there is none of that name
   */
  public ProjectionStatus status(String projection) {
    return worker(projection).progress().status();
  }

  /**
   * Waits until all projections show everything that was stored before the call, except for the
   * events of parked aggregates. All have the same time; tells at once of one that will not, and
   * after the time of one that does not. Versions that were dropped are not waited for.
   *
   * @throws dev.headwater.store.StoreUnavailableException if the store can't be asked
   */
  public Awaited awaitCaughtUp(Duration timeout) {
    long since = System.nanoTime();
    long deadline = since + timeout.toNanos();
    List<Position> targets = heads.refresh();
    Awaited outcome;
    do {
      outcome = awaitOnce(targets, since, Math.min(deadline, System.nanoTime() + LOOK_NANOS));
    } while (outcome instanceof Awaited.TimedOut
        && System.nanoTime() - deadline < 0
        && !Thread.currentThread().isInterrupted());
    return outcome;
  }

  /** Waits for each that lags until the deadline, unless one has halted. */
  private Awaited awaitOnce(List<Position> targets, long since, long deadline) {
    Awaited outcome = new Awaited.Reached();
    for (ProjectionWorker worker : workers.all()) {
      Awaited one = await(worker, targets, since, deadline);
      if (worker.progress().isDropped()) {
        continue;
      }
      if (one instanceof Awaited.Halted) {
        return one;
      }
      outcome = outcome instanceof Awaited.Reached ? one : outcome;
    }
    return outcome;
  }

  /**
   * Waits until a projection shows what is at a position: read your own writes, with the position
   * of a receipt. Whether this instance runs the position's partition or another one makes no
   * difference, but that another one's progress is seen some milliseconds later. Where its
   * aggregate is parked, the position is reached though the read model does not show it.
   *
   * @throws IllegalArgumentException if there is no projection of that name
   */
  @Override
  public Awaited await(Position position, String projection, Duration timeout) {
    long now = System.nanoTime();
    return await(worker(projection), List.of(position), now, now + timeout.toNanos());
  }

  private Awaited await(
      ProjectionWorker worker, List<Position> targets, long since, long deadline) {
    try {
      return watch.await(
          worker.id(),
          worker.progress(),
          targets,
          since,
          deadline,
          () -> worker.ownership().isElsewhere(targets));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Awaited.TimedOut(worker.progress().status());
    }
  }

  /**
   * Makes read models anew from the first event on: stops the projections, empties their tables and
   * checkpoints in a transaction each, and starts them again. Returns when they show everything
   * that was stored before the call; they go on live. Until then their tables are incomplete. What
   * was parked is tried again, skipped events included. If the process ends in between, the next
   * start goes on where it was.
   *
   * @throws IllegalArgumentException if there is no projection of one of the names
   * @throws IllegalStateException if the runner is not running
   * @throws ReadModelException if tables can't be emptied; these projections go on as before
   */
  public Awaited replay(Set<String> projections, ProgressListener listener) {
    List<ProjectionWorker> chosen = projections.stream().sorted().map(this::worker).toList();
    List<Position> targets = heads.refresh();
    restartEmpty(chosen);
    return new Replay(chosen, targets, listener, this::await).follow();
  }

  /**
   * Waits until projections show everything that was stored before the call, and tells how far they
   * have come: for the progress of a version that is being built.
   *
   * @throws IllegalArgumentException if there is no projection of one of the names
   */
  public Awaited catchUp(Set<String> projections, ProgressListener listener) {
    List<ProjectionWorker> chosen = projections.stream().sorted().map(this::worker).toList();
    return new Replay(chosen, heads.refresh(), listener, this::await).follow();
  }

  private synchronized void restartEmpty(List<ProjectionWorker> chosen) {
    if (watching == null || closed) {
      throw new IllegalStateException("the projection runner is not running");
    }
    chosen.forEach(ProjectionWorker::pause);
    for (ProjectionWorker worker : chosen) {
      Uninterrupted.run(worker::join);
    }
    try {
      for (ProjectionWorker worker : chosen) {
        empty(worker);
      }
    } finally {
      chosen.forEach(ProjectionWorker::start);
    }
  }

  private static void empty(ProjectionWorker worker) {
    try {
      worker.reset();
    } catch (Exception e) {
      throw new ReadModelException(
          "tables of projection " + worker.id() + " can't be emptied: " + Failures.describe(e), e);
    }
  }

  /** By its name; one that was made a moment ago is looked for. */
  private ProjectionWorker worker(String projection) {
    if (follower != null && !workers.has(projection)) {
      follower.look();
    }
    return workers.named(projection);
  }
}
