package dev.headwater.telemetry;

import com.sun.management.OperatingSystemMXBean;
import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.CommandOutcome;
import dev.headwater.aggregate.HandleCommands;
import dev.headwater.aggregate.RuntimeOptions;
import dev.headwater.event.Metadata;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.projection.ProjectionMoment.BatchCommitted;
import dev.headwater.projection.ProjectionObserver;
import dev.headwater.store.EventStore;
import dev.headwater.telemetry.Wallets.Balances;
import dev.headwater.telemetry.Wallets.Deposit;
import dev.headwater.telemetry.Wallets.WalletCommand;
import dev.headwater.telemetry.Wallets.WalletEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * What telemetry costs in CPU time: a program, run by hand. Everything is in memory, so that
 * nothing else is in the way; the kinds take turns, and the least of the rounds counts.
 */
final class TelemetryCost {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final int ROUNDS = 20;
  private static final int COMMANDS = 40_000;
  private static final int EVENTS = 10_000;

  private TelemetryCost() {}

  private record Kind(String name, double[] nanos) {
    Kind(String name) {
      this(name, new double[ROUNDS]);
    }

    double least() {
      double least = nanos[0];
      for (double round : nanos) {
        least = Math.min(least, round);
      }
      return least;
    }
  }

  public static void main(String[] arguments) {
    commands();
    observers();
  }

  private static OpenTelemetry sampling(double ratio) {
    return OpenTelemetrySdk.builder()
        .setTracerProvider(
            SdkTracerProvider.builder()
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(ratio)))
                .build())
        .build();
  }

  private static HandleCommands<WalletCommand, WalletEvent> runtime(EventStore store) {
    return AggregateRuntime.create(
        Wallets.TYPE,
        new Wallets(),
        WalletEvent.class,
        Wallets.CODEC,
        store,
        RuntimeOptions.DEFAULT);
  }

  private static HandleCommands<WalletCommand, WalletEvent> path(String kind) {
    EventStore store = new InMemoryEventStore(4);
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    return switch (kind) {
      case "plain" -> runtime(store);
      case "metered" ->
          new MeteredCommands<>(
              Wallets.TYPE, runtime(new MeteredEventStore(store, registry)), registry);
      default -> {
        OpenTelemetry telemetry = sampling(Double.parseDouble(kind.substring("traced ".length())));
        yield new TracedCommands<>(
            Wallets.TYPE, runtime(new TracedEventStore(store, telemetry)), telemetry);
      }
    };
  }

  private static void commands() {
    List<Kind> kinds = new ArrayList<>();
    for (String name : List.of("plain", "metered", "traced 0", "traced 0.01", "traced 1")) {
      kinds.add(new Kind(name));
    }
    for (int round = 0; round < ROUNDS; round++) {
      for (Kind kind : kinds) {
        HandleCommands<WalletCommand, WalletEvent> path = path(kind.name());
        System.gc();
        long before = SYSTEM.getProcessCpuTime();
        send(path);
        kind.nanos()[round] = (SYSTEM.getProcessCpuTime() - before) / (double) COMMANDS;
      }
    }
    kinds.forEach(kind -> print("command, " + kind.name(), kind.least()));
  }

  private static void send(HandleCommands<WalletCommand, WalletEvent> path) {
    List<CompletableFuture<CommandOutcome<WalletEvent>>> sent = new ArrayList<>();
    for (int i = 0; i < COMMANDS; i++) {
      sent.add(path.handle("w" + i % 500, "c" + i, Metadata.atMicros(1), new Deposit(1)));
      if (sent.size() == 1_000) {
        sent.forEach(CompletableFuture::join);
        sent.clear();
      }
    }
    sent.forEach(CompletableFuture::join);
  }

  private static void observers() {
    for (double sampled : new double[] {0, 0.01, 1}) {
      EventStore store = new InMemoryEventStore(4);
      OpenTelemetry telemetry = sampling(sampled);
      HandleCommands<WalletCommand, WalletEvent> path =
          new TracedCommands<>(Wallets.TYPE, runtime(store), telemetry);
      for (int i = 0; i < EVENTS; i++) {
        path.handleAndWait("w" + i % 500, "c" + i, Metadata.atMicros(1), new Deposit(1));
      }
      observe("meters", new ProjectionMeters(new SimpleMeterRegistry()), store, sampled);
      observe("traces", new ProjectionTraces(telemetry), store, sampled);
    }
  }

  private static void observe(
      String name, ProjectionObserver observer, EventStore store, double sampled) {
    double least = Double.MAX_VALUE;
    for (int round = 0; round < 30; round++) {
      BatchCommitted batch = Batches.live(store, store.partitionCount()); // metadata not decoded
      long before = System.nanoTime();
      observer.observe(new Balances(), batch);
      least = Math.min(least, (System.nanoTime() - before) / (double) EVENTS);
    }
    print(name + " of a live batch, per event, sampled " + sampled, least);
  }

  private static void print(String what, double nanos) {
    System.out.printf(Locale.ROOT, "%-50s %,9.0f ns%n", what, nanos);
  }
}
