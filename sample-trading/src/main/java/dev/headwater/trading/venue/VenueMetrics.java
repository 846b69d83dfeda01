package dev.headwater.trading.venue;

import dev.headwater.aggregate.HandleCommands;
import dev.headwater.projection.ProjectionRunner;
import dev.headwater.projection.RunnerSettings;
import dev.headwater.store.EventStore;
import dev.headwater.telemetry.MeteredCommands;
import dev.headwater.telemetry.MeteredEventStore;
import dev.headwater.telemetry.ProjectionMeters;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetSocketAddress;

/** The metrics of a venue, put around its parts and served to Prometheus. */
final class VenueMetrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final ProjectionMeters projections = new ProjectionMeters(registry);
  private final MetricsEndpoint endpoint;

  VenueMetrics(InetSocketAddress address) {
    endpoint = new MetricsEndpoint(address, registry);
    new JvmMemoryMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    gc.bindTo(registry);
  }

  InetSocketAddress address() {
    return endpoint.address();
  }

  EventStore around(EventStore store) {
    return new MeteredEventStore(store, registry);
  }

  <C, E> HandleCommands<C, E> around(String aggregate, HandleCommands<C, E> commands) {
    return new MeteredCommands<>(aggregate, commands, registry);
  }

  RunnerSettings heard(RunnerSettings settings) {
    return settings.withObserver(settings.observer().and(projections));
  }

  void watch(ProjectionRunner runner) {
    projections.watch(runner);
  }

  @Override
  public void close() {
    endpoint.close();
    gc.close();
    registry.close();
  }
}
