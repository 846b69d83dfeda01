package dev.headwater.projection;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.codec.EventCodec;
import dev.headwater.event.EventType;
import dev.headwater.readmodel.Table;
import dev.headwater.readmodel.internal.Transactions;
import dev.headwater.store.SubscribeToPartitions;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** The workers of a runner, found by name; more may come while it runs. Thread-safe. */
final class Workers {
  private final Reading reading;
  private final Heads heads;
  private final EventCodec codec;
  private final DataSource database;
  private final String instance;
  private final RunnerSettings settings;

  /** Replaced when one comes; in the order in which they came. */
  private volatile Map<ProjectionId, ProjectionWorker> byId = Map.of();

  Workers(
      SubscribeToPartitions store,
      Heads heads,
      EventCodec codec,
      DataSource database,
      String instance,
      RunnerSettings settings) {
    this.reading = new Reading(store, heads, codec, settings, this::catchingUp);
    this.heads = heads;
    this.codec = codec;
    this.database = database;
    this.instance = instance;
    this.settings = settings;
  }

  /**
   * Makes one for each projection.
   *
   * @param others how many connections are needed besides theirs
   * @throws IllegalArgumentException as {@link ProjectionRunner}'s constructor
   */
  void addAll(Collection<? extends Projection> projections, int others) {
    requireDisjoint(projections);
    requireConnections(projections.size(), others);
    projections.forEach(this::add);
  }

  /** Makes one, not started; it takes the place of one of the same version, which has ended. */
  synchronized ProjectionWorker add(Projection projection) {
    ProjectionWorker worker =
        new ProjectionWorker(
            projection, reading, heads, codec, new Transactions(database), instance, settings);
    Map<ProjectionId, ProjectionWorker> more = new LinkedHashMap<>(byId);
    more.put(worker.id(), worker);
    byId = more;
    return worker;
  }

  private void requireConnections(int projections, int others) {
    if (database instanceof HikariDataSource pool
        && pool.getMaximumPoolSize() < projections + others) {
      throw new IllegalArgumentException(
          "the database's pool has "
              + pool.getMaximumPoolSize()
              + " connections, but a runner needs one for each projection and "
              + (others == 2 ? "two" : "three")
              + " more: "
              + (projections + others));
    }
  }

  private static void requireDisjoint(Collection<? extends Projection> projections) {
    Set<ProjectionId> ids = new HashSet<>();
    Map<String, ProjectionId> owners = new LinkedHashMap<>();
    for (Projection projection : projections) {
      ProjectionId id = ProjectionId.of(projection);
      if (!ids.add(id)) {
        throw new IllegalArgumentException("two projections are " + id);
      }
      for (Table table : projection.tables()) {
        String name = table.in(VersionSchema.of(projection)).name().toLowerCase(Locale.ROOT);
        ProjectionId other = owners.put(name, id);
        if (other != null) {
          throw new IllegalArgumentException(
              "table " + name + " belongs to projection " + other + " and " + id);
        }
      }
    }
  }

  private Map<ProjectionId, Predicate<EventType>> catchingUp() {
    Map<ProjectionId, Predicate<EventType>> wanted = new LinkedHashMap<>();
    for (ProjectionWorker worker : all()) {
      if (worker.progress().isToCatchUp()) {
        wanted.put(worker.id(), worker::wants);
      }
    }
    return wanted;
  }

  Collection<ProjectionWorker> all() {
    return byId.values();
  }

  Map<ProjectionId, Ownership> ownerships() {
    return all().stream()
        .collect(Collectors.toMap(ProjectionWorker::id, ProjectionWorker::ownership));
  }

  /** Those whose version was not dropped. */
  Set<ProjectionId> alive() {
    return all().stream()
        .filter(worker -> !worker.progress().isDropped())
        .map(ProjectionWorker::id)
        .collect(Collectors.toSet());
  }

  boolean has(String projection) {
    return all().stream().anyMatch(worker -> worker.id().isCalled(projection));
  }

  /**
   * By {@code orders@2}, or by the name alone: then the version that serves.
   *
   * @throws IllegalArgumentException if there is none, or the version that serves is not run here
   */
  ProjectionWorker named(String projection) {
    List<ProjectionWorker> found = called(projection);
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no projection '" + projection + "'; there are " + byId.keySet());
    }
    if (found.size() == 1) {
      return found.getFirst();
    }
    ProjectionId serving = VersionTable.serving(database, projection).orElse(null);
    return found.stream()
        .filter(worker -> worker.id().equals(serving))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "of projection "
                        + projection
                        + " serves "
                        + serving
                        + ", which is not run here; name a version of "
                        + byId.keySet()));
  }

  private List<ProjectionWorker> called(String projection) {
    List<ProjectionWorker> called =
        all().stream().filter(worker -> worker.id().isCalled(projection)).toList();
    List<ProjectionWorker> alive =
        called.stream().filter(worker -> !worker.progress().isDropped()).toList();
    return alive.isEmpty() ? called : alive;
  }
}
