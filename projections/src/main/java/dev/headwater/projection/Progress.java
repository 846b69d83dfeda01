package dev.headwater.projection;

import dev.headwater.event.Position;
import dev.headwater.projection.ProjectionStatus.Partition;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a projection's thread tells the others: state, positions, rate. Thread-safe. */
final class Progress {
  private final String projection;
  private final Heads heads;
  private final RateMeter rate = new RateMeter(System.nanoTime());
  private ProjectionState state = ProjectionState.STOPPED;
  private List<Position> applied = List.of();
  private ParkedCount parked = ParkedCount.NONE;
  private @Nullable String lastError;

  Progress(String projection, Heads heads) {
    this.projection = projection;
    this.heads = heads;
  }

  synchronized void started() {
    state = ProjectionState.CATCHING_UP;
    lastError = null;
    applied = List.of();
    parked = ParkedCount.NONE;
    notifyAll();
  }

  /** The checkpoints that a session starts at, and what is parked. */
  synchronized void opened(List<Position> positions, ParkedCount parkedNow) {
    applied = List.copyOf(positions);
    parked = parkedNow;
    state = ProjectionState.CATCHING_UP;
    notifyAll();
  }

  /**
   * The checkpoints and what is parked now; {@code limit} is the lag from which it counts as
   * catching up.
   */
  synchronized void applied(List<Position> positions, long limit, ParkedCount parkedNow) {
    parked = parkedNow;
    long events = 0;
    for (int i = 0; i < positions.size(); i++) {
      events += positions.get(i).sequence() - applied.get(i).sequence();
    }
    rate.add(events, System.nanoTime());
    applied = List.copyOf(positions);
    long lag = heads.lag(applied);
    if (lag == 0) {
      state = ProjectionState.LIVE;
    } else if (lag > limit) {
      state = ProjectionState.CATCHING_UP;
    }
    notifyAll();
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

  synchronized ProjectionStatus status() {
    List<Position> seen = heads.seen();
    List<Partition> partitions = new ArrayList<>();
    for (int i = 0; i < applied.size(); i++) {
      long sequence = applied.get(i).sequence();
      long head = i < seen.size() ? Math.max(seen.get(i).sequence(), sequence) : sequence;
      partitions.add(new Partition(i, sequence, head));
    }
    double perSecond = rate.perSecond(System.nanoTime());
    return new ProjectionStatus(projection, state, partitions, perSecond, parked, lastError);
  }

  /** Waits until what is at the positions is applied or parked. */
  synchronized Awaited await(List<Position> targets, long deadline) throws InterruptedException {
    while (!hasReached(targets)) {
      long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (state.isHalted()) {
        return new Awaited.Halted(status());
      }
      if (millis <= 0) {
        return new Awaited.TimedOut(status());
      }
      wait(millis);
    }
    return new Awaited.Reached();
  }

  private boolean hasReached(List<Position> targets) {
    return targets.stream().allMatch(this::hasReached);
  }

  private boolean hasReached(Position target) {
    if (target.partition() >= applied.size()) {
      return false;
    }
    Position reached = applied.get(target.partition());
    return reached.epoch() == target.epoch() && reached.isAtOrAfter(target);
  }
}
