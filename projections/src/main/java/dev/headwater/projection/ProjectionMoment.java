package dev.headwater.projection;

import dev.headwater.event.Position;
import dev.headwater.store.PartitionBatch;
import java.util.List;
import java.util.Set;

/** Something that happened to a projection; told to a {@link ProjectionObserver}. */
public sealed interface ProjectionMoment {
  /**
   * Rows and checkpoints were committed; just now.
   *
   * @param batches what was applied, in order; empty where all events were passed over
   * @param from the checkpoints that moved, {@code to} in the same order
   * @param live whether it followed the store, in contrast to catching up with it
   * @param fetchNanos from asking the store until the batch was together; where it is live, that is
   *     mostly the wait for news
   * @param applyNanos handlers and statements, up to the commit
   * @param commitNanos the database's commit
   */
  record BatchCommitted(
      List<PartitionBatch> batches,
      List<Position> from,
      List<Position> to,
      boolean live,
      long fetchNanos,
      long applyNanos,
      long commitNanos)
      implements ProjectionMoment {
    /** Copies the lists. */
    public BatchCommitted {
      batches = List.copyOf(batches);
      from = List.copyOf(from);
      to = List.copyOf(to);
    }

    /** Events that handlers were given. */
    public int events() {
      return batches.stream().mapToInt(batch -> batch.events().size()).sum();
    }

    /** Events by which the checkpoints moved, passed-over ones included. */
    public long advanced() {
      long events = 0;
      for (int i = 0; i < from.size(); i++) {
        events += to.get(i).sequence() - from.get(i).sequence();
      }
      return events;
    }
  }

  /**
   * Everything that the store was seen to hold in the partitions of this instance is in the read
   * model. Told again and again while that is so, at least every {@link RunnerSettings#pollWait}.
   */
  record CaughtUp() implements ProjectionMoment {}

  /**
   * An attempt has failed.
   *
   * @param next {@link ProjectionState#RETRYING} where it tries again; else it has halted
   * @param reason one line for people
   */
  record AttemptFailed(ProjectionState next, String reason) implements ProjectionMoment {}

  /**
   * Which partitions this instance runs has changed. Not told when the projection halts by a
   * failure.
   *
   * @param held those that it runs now
   * @param taken those of them that it did not run before
   * @param left those that it gave to another instance, or found taken
   * @param fenced those that another instance had taken while this one worked on them: it was
   *     paused, or the database was slow, for longer than the lease
   */
  record LeasesChanged(
      Set<Integer> held, Set<Integer> taken, Set<Integer> left, Set<Integer> fenced)
      implements ProjectionMoment {
    /** Copies the sets. */
    public LeasesChanged {
      held = Set.copyOf(held);
      taken = Set.copyOf(taken);
      left = Set.copyOf(left);
      fenced = Set.copyOf(fenced);
    }
  }
}
