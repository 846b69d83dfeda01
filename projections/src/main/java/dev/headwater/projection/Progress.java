package dev.headwater.projection;

import dev.headwater.event.Position;
import dev.headwater.projection.ProjectionStatus.Partition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a projection's thread tells the others: state, positions, rate; and what the database tells
 * of the partitions that other instances run. Thread-safe.
 */
final class Progress {
  private final ProjectionId projection;
  private final Heads heads;
  private final RateMeter rate = new RateMeter(System.nanoTime());
  private ProjectionState state = ProjectionState.STOPPED;

  /** Of the partitions that run here. */
  private Map<Integer, Position> here = Map.of();

  /** Of the others, as last heard. */
  private final Map<Integer, Position> elsewhere = new TreeMap<>();

  /** When the database was asked for these, as {@code nanoTime}. */
  private long lookedAt = System.nanoTime();

  private ParkedCount parked = ParkedCount.NONE;
  private long startedAt = System.nanoTime();
  private @Nullable String lastError;

  Progress(ProjectionId projection, Heads heads) {
    this.projection = projection;
    this.heads = heads;
  }

  synchronized void started() {
    state = ProjectionState.CATCHING_UP;
    lastError = null;
    here = Map.of();
    elsewhere.clear();
    parked = ParkedCount.NONE;
    startedAt = System.nanoTime();
    lookedAt = startedAt;
    notifyAll();
  }

  /** Nothing runs here now; other instances may go on. */
  synchronized void withdrawn() {
    elsewhere.putAll(here);
    here = Map.of();
    notifyAll();
  }

  /** The checkpoints of the partitions that run here from now on. */
  synchronized void opened(Map<Integer, Position> positions) {
    elsewhere.putAll(here);
    here = Map.copyOf(positions);
    elsewhere.keySet().removeAll(here.keySet());
    state = here.isEmpty() ? ProjectionState.STANDBY : ProjectionState.CATCHING_UP;
    notifyAll();
  }

  /** The checkpoints now; {@code limit} is the lag from which it counts as catching up. */
  synchronized void applied(Map<Integer, Position> positions, long limit) {
    long events = 0;
    for (Position position : positions.values()) {
      events += position.sequence() - start(here.get(position.partition()));
    }
    rate.add(events, System.nanoTime());
    here = Map.copyOf(positions);
    long lag = heads.lag(here.values());
    if (lag == 0) {
      state = ProjectionState.LIVE;
    } else if (lag > limit) {
      state = ProjectionState.CATCHING_UP;
    }
    notifyAll();
  }

  private static long start(@Nullable Position position) {
    return position == null ? 0 : position.sequence();
  }

  /**
   * What the database showed, all checkpoints of the projection; of no interest for what runs here.
   *
   * @param askedAt when it was asked, as {@code nanoTime}: before the start, it showed rows that
   *     may have been deleted since
   */
  synchronized void elsewhere(List<Checkpoint> checkpoints, long askedAt) {
    if (askedAt - startedAt < 0 || askedAt - lookedAt < 0) {
      return;
    }
    lookedAt = askedAt;
    elsewhere.clear(); // one that is not there any more was reset
    for (Checkpoint checkpoint : checkpoints) {
      if (!here.containsKey(checkpoint.partition())) {
        elsewhere.put(checkpoint.partition(), checkpoint.position());
      }
    }
    notifyAll();
  }

  /** What is parked now. */
  synchronized void parked(ParkedCount count) {
    parked = count;
  }

  /** It does not go on for now, or at all. */
  synchronized void interrupted(ProjectionState now, @Nullable String reason) {
    state = now;
    if (reason != null) {
      lastError = reason;
    }
    notifyAll();
  }

  synchronized boolean isHalted() {
    return state.isHalted();
  }

  synchronized boolean isDropped() {
    return state == ProjectionState.DROPPED;
  }

  synchronized boolean isLive() {
    return state == ProjectionState.LIVE;
  }

  synchronized ProjectionStatus status() {
    List<Position> seen = heads.seen();
    SortedMap<Integer, Position> known = new TreeMap<>(elsewhere);
    known.putAll(here);
    List<Partition> partitions = new ArrayList<>();
    for (Position position : known.values()) {
      long sequence = position.sequence();
      int number = position.partition();
      long head = number < seen.size() ? Math.max(seen.get(number).sequence(), sequence) : sequence;
      partitions.add(new Partition(number, sequence, head, here.containsKey(number)));
    }
    double perSecond = rate.perSecond(System.nanoTime());
    return new ProjectionStatus(
        projection.name(), projection.version(), state, partitions, perSecond, parked, lastError);
  }

  /**
   * Whether one of the targets is yet to be reached by another instance, or was before {@code
   * since}: a replay may have taken that back.
   */
  synchronized boolean isElsewhere(List<Position> targets, long since) {
    return targets.stream()
        .anyMatch(target -> !here.containsKey(target.partition()) && !hasReached(target, since));
  }

  /**
   * Waits until what is at the positions is applied or parked.
   *
   * @param since what the database showed before does not count, as {@code nanoTime}
   * @param others whether other instances go on where this one has halted
   */
  synchronized Awaited await(List<Position> targets, long since, long deadline, boolean others)
      throws InterruptedException {
    while (!hasReached(targets, since)) {
      long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (state.isHalted() && !others) {
        return new Awaited.Halted(status());
      }
      if (millis <= 0) {
        return new Awaited.TimedOut(status());
      }
      wait(millis);
    }
    return new Awaited.Reached();
  }

  private boolean hasReached(List<Position> targets, long since) {
    return targets.stream().allMatch(target -> hasReached(target, since));
  }

  private boolean hasReached(Position target, long since) {
    Position reached = here.get(target.partition());
    if (reached == null && lookedAt - since >= 0) {
      reached = elsewhere.get(target.partition());
    }
    return reached != null && reached.epoch() == target.epoch() && reached.isAtOrAfter(target);
  }
}
