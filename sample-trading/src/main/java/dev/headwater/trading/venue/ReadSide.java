package dev.headwater.trading.venue;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.projection.ProjectionRunner;
import dev.headwater.projection.ProjectionVersions;
import dev.headwater.projection.RunnerSettings;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.readmodel.ReadModelException;
import dev.headwater.store.EventStore;
import dev.headwater.trading.TradingEvents;
import dev.headwater.trading.readmodel.ReadModelQueries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The read models of a venue: their database, what keeps them up to date and what asks them. */
final class ReadSide implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReadSide.class);

  private final HikariDataSource database;
  private final ProjectionVersions versions;
  private final @Nullable VenueMetrics metrics;
  private final Path openMark;
  private @Nullable ProjectionRunner projections;

  private ReadSide(
      HikariDataSource database, EventStore store, @Nullable VenueMetrics metrics, Path openMark) {
    this.metrics = metrics;
    this.database = database;
    this.versions = versions(database, store);
    this.openMark = openMark;
  }

  private static ProjectionVersions versions(HikariDataSource database, EventStore store) {
    return new ProjectionVersions(store, TradingEvents.codec(), database, Venue.projectionList());
  }

  /**
   * Opens the database and brings its schema up to date. A schema that can't be (its making was
   * interrupted, say) is put aside, because the events make everything in it anew.
   */
  static ReadSide open(Path file, EventStore store, @Nullable VenueMetrics metrics) {
    Path openMark = file.resolveSibling(file.getFileName() + ".open");
    boolean mayBeTorn = Files.exists(openMark);
    HikariDataSource database = ReadModelDatabase.h2File(file);
    if (mayBeTorn) { // H2 does not promise that a transaction is whole after its process was killed
      database.close();
      LOG.warn("the read models were not closed properly: they are made anew from the events");
      putAside(file);
      database = ReadModelDatabase.h2File(file);
    }
    try {
      try {
        migrate(database, store);
      } catch (ReadModelException e) {
        database.close();
        Path aside = putAside(file);
        LOG.warn(
            "{}; the read models are made anew from the events, the old ones are in {}",
            e.getMessage(),
            aside);
        database = ReadModelDatabase.h2File(file);
        migrate(database, store);
      }
      mark(openMark);
      return new ReadSide(database, store, metrics, openMark);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private static void migrate(HikariDataSource database, EventStore store) {
    Migrations.framework(database);
    versions(database, store).prepare();
  }

  HikariDataSource database() {
    return database;
  }

  ProjectionVersions versions() {
    return versions;
  }

  /** Runs all versions, those too that another process makes meanwhile. */
  synchronized ProjectionRunner projections() {
    ProjectionRunner runner = projections;
    if (runner == null) {
      RunnerSettings plain = RunnerSettings.DEFAULT;
      runner = versions.runner(metrics == null ? plain : metrics.heard(plain));
      if (metrics != null) {
        metrics.watch(runner);
      }
      projections = runner;
    }
    return runner;
  }

  ReadModelQueries queries() {
    return new ReadModelQueries(database);
  }

  private static void mark(Path openMark) {
    try {
      Files.write(openMark, new byte[0]);
    } catch (IOException e) {
      throw new UncheckedIOException("can't write " + openMark, e);
    }
  }

  private static Path putAside(Path file) {
    Path stored = file.resolveSibling(file.getFileName() + ".mv.db");
    Path aside = file.resolveSibling(file.getFileName() + ".unusable.mv.db");
    try {
      return Files.move(stored, aside, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("can't move " + stored + " aside", e);
    }
  }

  @Override
  public synchronized void close() {
    if (projections != null) {
      projections.close();
    }
    database.close();
    openMark.toFile().delete();
  }
}
