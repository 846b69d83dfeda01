package dev.headwater.projection;

import dev.headwater.projection.VersionTable.Entry;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.ReadModelException;
import dev.headwater.readmodel.ServingViews;
import dev.headwater.readmodel.VersionLayer;
import dev.headwater.readmodel.internal.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes what is missing for the versions of the registered code: rows, schemas, views. */
final class VersionPreparation {
  private static final Logger LOG = LoggerFactory.getLogger(VersionPreparation.class);

  private final DataSource database;
  private final VersionCatalog catalog;

  VersionPreparation(DataSource database, VersionCatalog catalog) {
    this.database = database;
    this.catalog = catalog;
  }

  /** What a runner is to run then. */
  List<Projection> prepare() {
    catalog.versioned().toList().forEach(this::register);
    List<Projection> toRun = new ArrayList<>(catalog.unversioned());
    for (String name : catalog.versioned().map(Projection::name).distinct().toList()) {
      List<Entry> entries = catalog.entries(name);
      for (Entry entry : entries) {
        if (!entry.is(VersionState.DROPPING)) {
          catalog.code(entry).ifPresentOrElse(code -> toRun.add(ready(code)), () -> tell(entry));
        }
      }
      VersionTable.serving(entries).ifPresent(this::mendViews);
    }
    return toRun;
  }

  /** Brings the schema of a version up to date. */
  Projection ready(Projection version) {
    Migrations.schema(database, ProjectionId.of(version).schema(), version.migrations());
    return version;
  }

  private static void tell(Entry entry) {
    LOG.warn(
        "version {} ({}) is not kept up to date: its code, version {} of the projection, is not"
            + " registered",
        entry.id(),
        entry.state().stored(),
        entry.code());
  }

  private void register(Projection projection) {
    ProjectionId id = ProjectionId.of(projection);
    new Transactions(database)
        .run(
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
                        + VersionTable.next(entries));
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
                connection.rollback();
                requireRegistered(connection, id);
                LOG.debug("version {} was registered by another process", id);
              }
              return true;
            });
  }

  /** Names that differ in case or punctuation alone would have their tables in one schema. */
  private static void requireRegistered(Connection connection, ProjectionId id)
      throws SQLException {
    if (VersionTable.of(connection, id.name()).stream().noneMatch(entry -> entry.id().equals(id))) {
      throw new ReadModelException(
          "version "
              + id
              + " can't be registered: its schema "
              + id.schema()
              + " is that of another projection; give it a name that differs in letters or digits");
    }
  }

  private void mendViews(Entry serving) {
    new Transactions(database)
        .run(
            "views of projection " + serving.id().name() + " can't be made",
            connection -> {
              List<Entry> entries = VersionTable.lock(connection, serving.id().name());
              if (!VersionTable.serving(entries).equals(Optional.of(serving))) {
                return true; // switched in between, by somebody who made the views
              }
              VersionLayer layer = serving.layer();
              if (!ServingViews.have(connection, layer)) {
                ServingViews.of(connection).show(connection, layer, VersionTable.kept(entries));
              }
              return true;
            });
  }
}
