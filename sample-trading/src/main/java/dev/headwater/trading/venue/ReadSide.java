package dev.headwater.trading.venue;

import dev.headwater.projection.ProjectionRunner;
import dev.headwater.projection.ProjectionVersions;
import dev.headwater.projection.RunnerSettings;
import dev.headwater.readmodel.Migrations;
import dev.headwater.store.EventStore;
import dev.headwater.trading.TradingEvents;
import dev.headwater.trading.readmodel.ReadModelQueries;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The read models of a venue: their database, what keeps them up to date and what asks them. */
final class ReadSide implements AutoCloseable {
  private final OpenReadModels opened;
  private final ProjectionVersions versions;
  private final @Nullable VenueMetrics metrics;
  private @Nullable ProjectionRunner projections;

  private ReadSide(OpenReadModels opened, EventStore store, @Nullable VenueMetrics metrics) {
    this.metrics = metrics;
    this.opened = opened;
    this.versions = versions(opened.database(), store);
  }

  private static ProjectionVersions versions(DataSource database, EventStore store) {
    return new ProjectionVersions(store, TradingEvents.codec(), database, Venue.projectionList());
  }

  /** Opens the database and brings its schema up to date. */
  static ReadSide open(VenueSettings settings, EventStore store, @Nullable VenueMetrics metrics) {
    Consumer<DataSource> migrate =
        database -> {
          Migrations.framework(database);
          versions(database, store).prepare();
        };
    PostgresAddress postgres = settings.postgres();
    OpenReadModels opened =
        postgres == null
            ? OpenReadModels.file(settings.readModelFile(), migrate)
            : OpenReadModels.postgres(postgres, migrate);
    return new ReadSide(opened, store, metrics);
  }

  DataSource database() {
    return opened.database();
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
    return new ReadModelQueries(database());
  }

  @Override
  public synchronized void close() {
    if (projections != null) {
      projections.close();
    }
    opened.close();
  }
}
