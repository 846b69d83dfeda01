package dev.headwater.projection;

import dev.headwater.event.Position;
import dev.headwater.readmodel.internal.Transactions;
import dev.headwater.store.ReadPartitions;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
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
  private final DataSource database;
  private final Heads heads;
  private final Map<String, ProjectionId> projections = new TreeMap<>();
  private final Map<ProjectionId, Progress> progress = new ConcurrentHashMap<>();

  /**
   * A watch on some projections, called by their names. Where a projection has {@link
   * ProjectionVersions}, the version is waited for that serves when {@link #await} is called.
   *
   * @param projections the versions of those that have none in the database
   * @param database where their checkpoints are; not closed by the watch
   */
  public ProjectionWatch(
      ReadPartitions store, DataSource database, Collection<ProjectionId> projections) {
    watch = new CheckpointWatch(new Transactions(database));
    this.database = database;
    this.heads = new Heads(store);
    for (ProjectionId id : projections) {
      if (this.projections.put(id.name(), id) != null) {
        throw new IllegalArgumentException("two versions of projection " + id.name());
      }
    }
  }

  @Override
  public Awaited await(Position position, String projection, Duration timeout) {
    ProjectionId named = projections.get(projection);
    if (named == null) {
      throw new IllegalArgumentException(
          "there is no projection '" + projection + "'; watched are " + projections.keySet());
    }
    long now = System.nanoTime();
    ProjectionId id = VersionTable.serving(database, named.name()).orElse(named);
    Progress seen = progress.computeIfAbsent(id, this::unseen);
    try {
      return watch.await(id, seen, List.of(position), now, now + timeout.toNanos(), () -> true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Awaited.TimedOut(seen.status());
    }
  }

  private Progress unseen(ProjectionId id) {
    Progress unseen = new Progress(id, heads);
    unseen.opened(Map.of());
    return unseen;
  }
}
