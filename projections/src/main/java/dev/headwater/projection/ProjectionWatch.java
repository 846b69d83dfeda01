package dev.headwater.projection;

import dev.headwater.event.Position;
import dev.headwater.readmodel.internal.Transactions;
import dev.headwater.store.ReadPartitions;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * Waits for projections that other processes run, by their checkpoints in the database: for a
 * process that takes commands and runs no projections. It asks the database only while somebody
 * waits, with one query for all of them. Thread-safe; needs no closing.
 *
 * <p>It can't tell whether any process runs the projection: if none does, waiting ends by its
 * timeout, never with {@link Awaited.Halted}.
 */
public final class ProjectionWatch implements AwaitProjection {
  private final CheckpointWatch watch;
  private final Map<String, Entry> projections = new TreeMap<>();

  private record Entry(ProjectionId id, Progress progress) {}

  /**
   * A watch on some projections, called by their names.
   *
   * @param database where their checkpoints are; not closed by the watch
   */
  public ProjectionWatch(
      ReadPartitions store, DataSource database, Collection<ProjectionId> projections) {
    watch = new CheckpointWatch(new Transactions(database));
    Heads heads = new Heads(store);
    for (ProjectionId id : projections) {
      Progress progress = new Progress(id, heads);
      progress.opened(Map.of());
      if (this.projections.put(id.name(), new Entry(id, progress)) != null) {
        throw new IllegalArgumentException("two versions of projection " + id.name());
      }
    }
  }

  @Override
  public Awaited await(Position position, String projection, Duration timeout) {
    Entry entry = projections.get(projection);
    if (entry == null) {
      throw new IllegalArgumentException(
          "there is no projection '" + projection + "'; watched are " + projections.keySet());
    }
    long deadline = CheckpointWatch.deadline(timeout);
    try {
      return watch.await(entry.id, entry.progress, List.of(position), deadline, () -> true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Awaited.TimedOut(entry.progress.status());
    }
  }
}
