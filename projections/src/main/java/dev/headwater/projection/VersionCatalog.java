package dev.headwater.projection;

import dev.headwater.projection.VersionTable.Entry;
import dev.headwater.readmodel.internal.Transactions;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * The versions in a database as the code at hand sees them: which code makes which version, and
 * errors for operators who name what there is not.
 */
final class VersionCatalog {
  private final DataSource database;
  private final List<Projection> registered;

  /**
   * @throws IllegalArgumentException if two have the same name and version
   */
  VersionCatalog(DataSource database, Collection<? extends Projection> projections) {
    this.database = database;
    this.registered = List.copyOf(projections);
    long different = registered.stream().map(ProjectionId::of).distinct().count();
    if (different < registered.size()) {
      throw new IllegalArgumentException(
          "two projections have the same name and version: "
              + registered.stream().map(ProjectionId::of).toList());
    }
  }

  /** Those that bring migrations, oldest code first. */
  Stream<Projection> versioned() {
    return registered.stream()
        .filter(projection -> !projection.migrations().isEmpty())
        .sorted(Comparator.comparingInt(Projection::version));
  }

  List<Projection> unversioned() {
    return registered.stream().filter(projection -> projection.migrations().isEmpty()).toList();
  }

  /** The projection that a version is, under the version's number, if its code is registered. */
  Optional<Projection> code(Entry entry) {
    return versioned()
        .filter(p -> p.name().equals(entry.id().name()) && p.version() == entry.code())
        .map(p -> AtVersion.of(p, entry.id().version()))
        .findFirst();
  }

  /**
   * The newest code of a projection.
   *
   * @throws IllegalArgumentException if there is none of that name, or it has no versions
   */
  Projection present(String name) {
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

  /** The versions of a projection, by number. */
  List<Entry> entries(String name) {
    present(name);
    return new Transactions(database)
        .run(
            "versions of projection " + name + " can't be read",
            connection -> VersionTable.of(connection, name));
  }

  /** Versions that may be run by the code at hand, but for those that are known. */
  List<Projection> besides(Set<ProjectionId> known) {
    return new Transactions(database)
        .run("versions of projections can't be read", VersionTable::all).stream()
            .filter(entry -> !entry.is(VersionState.DROPPING) && !known.contains(entry.id()))
            .flatMap(entry -> code(entry).stream())
            .toList();
  }

  /**
   * @throws IllegalArgumentException if there is no such version
   */
  Entry entry(ProjectionId id) {
    return find(entries(id.name()), id);
  }

  static Entry find(List<Entry> entries, ProjectionId id) {
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

  /**
   * @throws IllegalArgumentException if none serves
   */
  Entry serving(String name) {
    return VersionTable.serving(entries(name))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no version of projection "
                        + name
                        + " serves; ProjectionVersions.prepare makes the first"));
  }
}
