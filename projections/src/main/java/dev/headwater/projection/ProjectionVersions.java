package dev.headwater.projection;

import dev.headwater.codec.EventCodec;
import dev.headwater.event.Position;
import dev.headwater.projection.VersionTable.Entry;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.ReadModelException;
import dev.headwater.readmodel.ServingViews;
import dev.headwater.readmodel.VersionLayer;
import dev.headwater.readmodel.internal.Transactions;
import dev.headwater.store.ReadPartitions;
import dev.headwater.store.SubscribeToPartitions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions of an application's projections in a database: makes them, builds new ones beside
 * those that serve, compares, switches, rolls back and drops them. Called by applications at their
 * start and by operators' tools. Thread-safe.
 *
 * <p>A version is made by the code whose {@link Projection#version} it was registered under first,
 * and keeps to it. {@link #rebuild} makes a version by the present code under the next number.
 * Analysts query views in the connection's default schema, which show the version that serves.
 *
 * <p>Projections without {@linkplain Projection#migrations migrations of their own} are passed on
 * as they are; they have one version.
 */
public final class ProjectionVersions {
  private static final Logger LOG = LoggerFactory.getLogger(ProjectionVersions.class);

  private final DataSource database;
  private final List<Projection> registered;
  private final Heads heads;
  private final SubscribeToPartitions store;
  private final EventCodec codec;

  /**
   * Those of {@code projections} in a database; nothing is read or changed yet.
   *
   * @param database where {@link Migrations#framework} has been called
   * @param projections the application's code; several versions of a projection have their code
   *     here each
   * @throws IllegalArgumentException if two have the same name and version
   */
  public <S extends ReadPartitions & SubscribeToPartitions> ProjectionVersions(
      S store,
      EventCodec codec,
      DataSource database,
      Collection<? extends Projection> projections) {
    this.database = database;
    this.registered = List.copyOf(projections);
    this.heads = new Heads(store);
    this.store = store;
    this.codec = codec;
    long different = registered.stream().map(ProjectionId::of).distinct().count();
    if (different < registered.size()) {
      throw new IllegalArgumentException(
          "two projections have the same name and version: "
              + registered.stream().map(ProjectionId::of).toList());
    }
  }

  /**
   * Brings the schemas of all versions up to date and makes what is missing: a projection's first
   * version serves from the start, later ones are built beside it. Called before a runner is made;
   * safe to call from several processes at once.
   *
   * @return what a runner is to run: a projection for each version, but for those whose code is not
   *     registered (any more), which are logged
   * @throws ReadModelException if that fails; says why
   */
  public List<Projection> prepare() {
    for (Projection projection : versioned().toList()) {
      register(projection);
    }
    List<Projection> toRun =
        new ArrayList<>(registered.stream().filter(p -> p.migrations().isEmpty()).toList());
    for (String name : versioned().map(Projection::name).distinct().toList()) {
      List<Entry> entries = entries(name);
      for (Entry entry : entries) {
        if (entry.is(VersionState.DROPPING)) {
          continue;
        }
        Optional<Projection> code = code(entry);
        if (code.isPresent()) {
          Migrations.schema(database, entry.id().schema(), code.get().migrations());
          toRun.add(AtVersion.of(code.get(), entry.id().version()));
        } else {
          LOG.warn(
              "version {} ({}) is not kept up to date: its code, version {} of the projection, is"
                  + " not registered",
              entry.id(),
              entry.state().stored(),
              entry.code());
        }
      }
      VersionTable.serving(entries).ifPresent(this::mendViews);
    }
    return toRun;
  }

  private Stream<Projection> versioned() {
    return registered.stream()
        .filter(projection -> !projection.migrations().isEmpty())
        .sorted(Comparator.comparingInt(Projection::version));
  }

  private Optional<Projection> code(Entry entry) {
    return versioned()
        .filter(p -> p.name().equals(entry.id().name()) && p.version() == entry.code())
        .findFirst();
  }

  private void register(Projection projection) {
    ProjectionId id = ProjectionId.of(projection);
    inTransaction(
        "version " + id + " can't be registered",
        connection -> {
          List<Entry> entries = VersionTable.lock(connection, id.name());
          if (entries.stream().anyMatch(entry -> entry.code() == id.version())) {
            return true;
          }
          if (entries.stream().anyMatch(entry -> entry.id().equals(id))) {
            throw new ReadModelException(
                "version "
                    + id
                    + " was made by a rebuild of older code; give the new code version "
                    + next(entries));
          }
          VersionState state =
              VersionTable.serving(entries).isPresent()
                  ? VersionState.BUILDING
                  : VersionState.SERVING;
          try {
            VersionTable.insert(connection, id, id.version(), state);
          } catch (SQLException e) {
            if (!String.valueOf(e.getSQLState()).startsWith("23")) {
              throw e;
            }
            LOG.debug("version {} was registered by another process", id);
            connection.rollback();
          }
          return true;
        });
  }

  private static int next(List<Entry> entries) {
    return 1 + entries.stream().mapToInt(entry -> entry.id().version()).max().orElse(0);
  }

  private void mendViews(Entry serving) {
    inTransaction(
        "views of projection " + serving.id().name() + " can't be made",
        connection -> {
          List<Entry> entries = VersionTable.lock(connection, serving.id().name());
          if (!VersionTable.serving(entries).equals(Optional.of(serving))) {
            return true; // switched in between, by somebody who made the views
          }
          VersionLayer layer = layer(serving.id());
          if (!ServingViews.have(connection, layer)) {
            ServingViews.of(connection).show(connection, layer, kept(entries));
          }
          return true;
        });
  }

  private static List<VersionLayer> kept(List<Entry> entries) {
    return entries.stream()
        .filter(entry -> entry.is(VersionState.KEPT))
        .map(entry -> layer(entry.id()))
        .toList();
  }

  static VersionLayer layer(ProjectionId id) {
    return new VersionLayer(id.name(), id.version(), id.schema());
  }

  /** All versions in the database, by name and version. */
  public List<VersionStatus> list() {
    List<Position> now = heads.refresh();
    long head = now.stream().mapToLong(Position::sequence).sum();
    return inTransaction(
        "versions of projections can't be listed",
        connection -> {
          List<VersionStatus> list = new ArrayList<>();
          for (Entry entry : VersionTable.all(connection)) {
            List<Position> at =
                new Checkpoints(entry.id())
                    .stored(connection).stream().map(Checkpoint::position).toList();
            list.add(
                new VersionStatus(
                    entry.id(),
                    entry.state(),
                    entry.id().schema(),
                    entry.code(),
                    code(entry).isPresent(),
                    entry.createdAt(),
                    entry.switchedAt(),
                    entry.compared(),
                    head - Gap.between(at, now),
                    head));
          }
          return list;
        });
  }

  /**
   * Begins to build a version of a projection by the present code, beside the one that serves, or
   * goes on with the one that is being built. A runner that is made after the next {@link #prepare}
   * fills it.
   *
   * @return the version
   * @throws IllegalArgumentException if there is no projection of that name, or it brings no
   *     migrations
   */
  public ProjectionId rebuild(String name) {
    Projection code = present(name);
    ProjectionId made =
        inTransaction(
            "projection " + name + " can't be rebuilt",
            connection -> {
              List<Entry> entries = VersionTable.lock(connection, name);
              Optional<Entry> building =
                  entries.stream()
                      .filter(
                          entry ->
                              entry.is(VersionState.BUILDING) && entry.code() == code.version())
                      .reduce((first, last) -> last);
              if (building.isPresent()) {
                return building.get().id();
              }
              ProjectionId next = new ProjectionId(name, next(entries));
              VersionTable.insert(connection, next, code.version(), VersionState.BUILDING);
              return next;
            });
    Migrations.schema(database, made.schema(), code.migrations());
    return made;
  }

  private Projection present(String name) {
    List<Projection> named = registered.stream().filter(p -> p.name().equals(name)).toList();
    if (named.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no projection '"
              + name
              + "'; there are "
              + registered.stream().map(Projection::name).distinct().sorted().toList());
    }
    return versioned()
        .filter(p -> p.name().equals(name))
        .reduce((first, last) -> last)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "projection "
                        + name
                        + " brings no migrations, so its tables can't be built beside; replay it,"
                        + " or give it Projection.migrations()"));
  }

  /**
   * Compares a version with the one that serves, at the same position of every partition; neither
   * is changed. The version that is compared takes no events meanwhile.
   *
   * @param patience how long to wait until both are where they can be compared
   * @param samples how many rows that differ are shown for each table
   * @throws IllegalArgumentException if there is no such version, or it serves
   */
  public Comparison compare(ProjectionId version, Duration patience, int samples) {
    present(version.name());
    Entry entry = entry(version);
    Entry serving = serving(version.name());
    if (serving.id().equals(version)) {
      throw new IllegalArgumentException(version + " is the version that serves");
    }
    Projection code =
        code(entry)
            .map(c -> AtVersion.of(c, version.version()))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the code of " + version + " is not registered, so it can't be compared"));
    Comparison comparison =
        new VersionComparison(database, store, codec, serving.id(), code)
            .compare(System.nanoTime() + patience.toNanos(), samples);
    inTransaction(
        "the comparison of " + version + " can't be recorded",
        connection -> {
          VersionTable.compared(connection, version, serving.id().version(), comparison.isSame());
          return true;
        });
    return comparison;
  }

  /**
   * The version to which {@link #switchTo} would lead: the newest one that is being built.
   *
   * @throws IllegalArgumentException if there is none
   */
  public ProjectionId candidate(String name) {
    present(name);
    return entries(name).stream()
        .filter(entry -> entry.is(VersionState.BUILDING))
        .map(Entry::id)
        .reduce((first, last) -> last)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no version of projection " + name + " is being built; rebuild it first"));
  }

  /**
   * Switches analysts' views to a version, all of them at once: no query sees two versions. What
   * was seen before the switch is seen after it. The version that served is kept.
   *
   * @param patience how long to wait until the version has caught up and the views are free
   * @throws IllegalArgumentException if there is no such version, or it serves
   */
  public SwitchResult switchTo(ProjectionId version, Duration patience) {
    present(version.name());
    Entry to = entry(version);
    Entry from = serving(version.name());
    if (from.id().equals(version)) {
      throw new IllegalArgumentException(version + " serves already");
    }
    return new VersionSwitch(database, heads, from.id(), to)
        .run(System.nanoTime() + patience.toNanos());
  }

  /**
   * Switches back to the version that served last.
   *
   * @throws IllegalArgumentException if none is kept
   */
  public SwitchResult rollBack(String name, Duration patience) {
    present(name);
    ProjectionId last =
        entries(name).stream()
            .filter(entry -> entry.is(VersionState.KEPT) && entry.switchedAt() != null)
            .max(Comparator.comparing(entry -> String.valueOf(entry.switchedAt())))
            .map(Entry::id)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "no version of projection " + name + " is kept to roll back to"));
    return switchTo(last, patience);
  }

  /**
   * Removes a version: its tables, its checkpoints and its row. Runners that still apply events to
   * it stop. If the process ends in between, the same call finishes it.
   *
   * @throws IllegalArgumentException if there is no such version
   * @throws IllegalStateException if it serves
   */
  public void drop(ProjectionId version) {
    present(version.name());
    String failed = "version " + version + " can't be dropped";
    List<VersionLayer> others = new ArrayList<>();
    ProjectionId serving =
        inTransaction(
            failed,
            connection -> {
              List<Entry> entries = VersionTable.lock(connection, version.name());
              Entry entry = find(entries, version);
              if (entry.is(VersionState.SERVING)) {
                throw new IllegalStateException(
                    version + " serves; switch to another version before it is dropped");
              }
              VersionTable.move(connection, version, entry.state(), VersionState.DROPPING);
              new Checkpoints(version).delete(connection);
              others.addAll(
                  kept(entries).stream()
                      .filter(layer -> layer.version() != version.version())
                      .toList());
              return VersionTable.serving(entries).map(Entry::id).orElseThrow();
            });
    inTransaction(
        failed,
        connection -> {
          ServingViews views = ServingViews.of(connection);
          if (!views.isTransactional()) { // they know the schema that goes
            views.show(connection, layer(serving), others);
          }
          VersionRemains.delete(connection, version);
          return true;
        });
  }

  private List<Entry> entries(String name) {
    return inTransaction(
        "versions of projection " + name + " can't be read",
        connection -> VersionTable.of(connection, name));
  }

  private Entry entry(ProjectionId id) {
    return find(entries(id.name()), id);
  }

  private static Entry find(List<Entry> entries, ProjectionId id) {
    return entries.stream()
        .filter(entry -> entry.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no version "
                        + id
                        + "; there are "
                        + entries.stream().map(Entry::id).toList()));
  }

  private Entry serving(String name) {
    return VersionTable.serving(entries(name))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no version of projection "
                        + name
                        + " serves; ProjectionVersions.prepare makes the first"));
  }

  private <T> T inTransaction(String otherwise, Transactions.Work<T, SQLException> work) {
    return new Transactions(database).run(otherwise, work);
  }
}
