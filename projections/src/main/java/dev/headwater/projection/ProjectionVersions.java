package dev.headwater.projection;

import dev.headwater.codec.EventCodec;
import dev.headwater.projection.VersionTable.Entry;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.ReadModelException;
import dev.headwater.readmodel.internal.Transactions;
import dev.headwater.store.ForgetGroup;
import dev.headwater.store.ReadPartitions;
import dev.headwater.store.SubscribeToPartitions;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/**
 * The versions of an application's projections in a database: makes them, builds new ones beside
 * those that serve, compares, switches, rolls back and drops them. Called by applications at their
 * start and by operators' tools; what one process does, the runners of all others see. Thread-safe.
 *
 * <p>A version is made by the code whose {@link Projection#version} it was registered under first,
 * and keeps to it. {@link #rebuild} makes a version by the present code under the next number.
 * Analysts query views in the connection's default schema, which show the version that serves.
 *
 * <p>Projections without {@linkplain Projection#migrations migrations of their own} are passed on
 * as they are; they have one version.
 */
public final class ProjectionVersions {
  private final DataSource database;
  private final VersionCatalog catalog;
  private final VersionPreparation preparation;
  private final Heads heads;
  private final SubscribeToPartitions store;
  private final ForgetGroup groups;
  private final EventCodec codec;

  /**
   * Those of {@code projections} in a database; nothing is read or changed yet.
   *
   * @param database where {@link Migrations#framework} has been called
   * @param projections the application's code; several versions of a projection have their code
   *     here each
   * @throws IllegalArgumentException if two have the same name and version
   */
  public <S extends ReadPartitions & SubscribeToPartitions & ForgetGroup> ProjectionVersions(
      S store,
      EventCodec codec,
      DataSource database,
      Collection<? extends Projection> projections) {
    this.database = database;
    this.catalog = new VersionCatalog(database, projections);
    this.preparation = new VersionPreparation(database, catalog);
    this.heads = new Heads(store);
    this.store = store;
    this.groups = store;
    this.codec = codec;
  }

  /**
   * Brings the schemas of all versions up to date and makes what is missing: a projection's first
   * version serves from the start, later ones are built beside it. Safe to call from several
   * processes at once.
   *
   * @return a projection for each version that there is now, but for those whose code is not
   *     registered (any more), which are logged
   * @throws ReadModelException if that fails; says why
   */
  public List<Projection> prepare() {
    return preparation.prepare();
  }

  /**
   * A runner, not started yet, of all versions: those that there are after {@link #prepare}, which
   * this calls, and those that any process makes later. Of these it takes its share within {@link
   * RunnerSettings#instancesEvery}, as far as their code is registered here.
   *
   * @throws IllegalArgumentException as {@link ProjectionRunner}'s constructor
   * @throws ReadModelException if the versions can't be prepared; says why
   */
  public ProjectionRunner runner(RunnerSettings settings) {
    return new ProjectionRunner(heads, store, codec, database, prepare(), settings, this::arrived);
  }

  /** {@link #runner(RunnerSettings)} with default settings. */
  public ProjectionRunner runner() {
    return runner(RunnerSettings.DEFAULT);
  }

  private List<Projection> arrived(Set<ProjectionId> known) {
    return catalog.besides(known).stream().map(preparation::ready).toList();
  }

  /** All versions in the database, by name and version. */
  public List<VersionStatus> list() {
    return new VersionListing(database, catalog, heads).list();
  }

  /**
   * Begins to build a version of a projection by the present code, beside the one that serves, or
   * goes on with the one that is being built. Every {@link #runner} whose process has that code
   * takes its share of it.
   *
   * @return the version
   * @throws IllegalArgumentException if there is no projection of that name, it brings no
   *     migrations, or no version of it serves, because {@link #prepare} was never called
   */
  public ProjectionId rebuild(String name) {
    Projection code = catalog.present(name);
    catalog.serving(name); // beside it
    while (true) {
      ProjectionId version = building(catalog.entries(name), code);
      // Before there is a row: whoever sees that runs the version.
      Migrations.schema(database, version.schema(), code.migrations());
      if (record(version, code)) {
        return version;
      }
    }
  }

  /** The newest that the code is building, or the next. */
  private static ProjectionId building(List<Entry> entries, Projection code) {
    return entries.stream()
        .filter(entry -> entry.is(VersionState.BUILDING) && entry.code() == code.version())
        .map(Entry::id)
        .reduce((first, last) -> last)
        .orElseGet(() -> new ProjectionId(code.name(), VersionTable.next(entries)));
  }

  /** Records that it is being built; false if somebody else has changed which one is. */
  private boolean record(ProjectionId version, Projection code) {
    return new Transactions(database)
        .run(
            "projection " + code.name() + " can't be rebuilt",
            connection -> {
              List<Entry> entries = VersionTable.lock(connection, code.name());
              if (!building(entries, code).equals(version)) {
                return false;
              }
              if (entries.stream().noneMatch(entry -> entry.id().equals(version))) {
                VersionTable.insert(connection, version, code.version(), VersionState.BUILDING);
              }
              return true;
            });
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
    Entry entry = catalog.entry(version);
    ProjectionId serving = catalog.serving(version.name()).id();
    if (serving.equals(version)) {
      throw new IllegalArgumentException(version + " is the version that serves");
    }
    Projection code =
        catalog
            .code(entry)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the code of " + version + " is not registered, so it can't be compared"));
    Comparison comparison =
        new VersionComparison(database, store, codec, serving, code)
            .compare(System.nanoTime() + patience.toNanos(), samples);
    new Transactions(database)
        .run(
            "the comparison of " + version + " can't be recorded",
            connection -> {
              VersionTable.compared(connection, version, serving.version(), comparison.isSame());
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
    return catalog.entries(name).stream()
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
    Entry to = catalog.entry(version);
    ProjectionId from = catalog.serving(version.name()).id();
    if (from.equals(version)) {
      throw new IllegalArgumentException(version + " serves already");
    }
    return new VersionSwitch(database, heads, from, to).run(System.nanoTime() + patience.toNanos());
  }

  /**
   * Switches back to the version that served last.
   *
   * @throws IllegalArgumentException if none is kept
   */
  public SwitchResult rollBack(String name, Duration patience) {
    ProjectionId last =
        catalog.entries(name).stream()
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
   * Removes a version with everything that is kept for it: its tables, its rows in the schema
   * {@code headwater} but for people's decisions, its group in the store. Runners that have it stop
   * with {@link ProjectionState#DROPPED}; they are waited for, thirty seconds at most. If the
   * process ends in between or something fails, the same call finishes it.
   *
   * @throws IllegalArgumentException if there is no such version
   * @throws IllegalStateException if it serves
   * @throws dev.headwater.store.StoreUnavailableException if the store can't be reached or refuses
   */
  public void drop(ProjectionId version) {
    catalog.present(version.name());
    new VersionDrop(database, groups, version).run();
  }
}
