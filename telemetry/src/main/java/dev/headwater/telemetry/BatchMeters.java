package dev.headwater.telemetry;

import dev.headwater.event.Metadata;
import dev.headwater.event.SequencedEvent;
import dev.headwater.projection.ProjectionMoment.BatchCommitted;
import dev.headwater.projection.ProjectionMoment.LeasesChanged;
import dev.headwater.projection.ProjectionState;
import dev.headwater.store.PartitionBatch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The meters of one projection that move with its batches. Thread-safe. */
final class BatchMeters {
  /** Beyond, the time of an event is that of an import or of a wrong clock. */
  private static final long DAY_MICROS = TimeUnit.DAYS.toMicros(1);

  private final MeterRegistry registry;
  private final Tags tags;
  private final Clock clock;
  private final LagClock lag;
  private final Map<ProjectionState, Counter> failures = new EnumMap<>(ProjectionState.class);
  private final DistributionSummary batchEvents;
  private final Counter applied;
  private final Counter passedOver;
  private final Timer fetch;
  private final Timer apply;
  private final Timer commit;
  private final Timer sinceStored;
  private final Timer sinceOccurred;
  private final Counter taken;
  private final Counter left;
  private final Counter fenced;

  BatchMeters(MeterRegistry registry, Tags tags, Clock clock) {
    this.registry = registry;
    this.tags = tags;
    this.clock = clock;
    this.lag = new LagClock(clock);
    batchEvents =
        DistributionSummary.builder("headwater.projection.batch.events")
            .description("Events that were applied in one transaction")
            .serviceLevelObjectives(1, 10, 100, 1_000, 10_000, 100_000)
            .tags(tags)
            .register(registry);
    applied = events("applied");
    passedOver = events("passed_over");
    fetch = stage("fetch");
    apply = stage("apply");
    commit = stage("commit");
    sinceStored = visible("stored");
    sinceOccurred = visible("occurred");
    taken = leases("taken");
    left = leases("left");
    fenced = leases("fenced");
    Gauge.builder("headwater.projection.partitions", lag, LagClock::held)
        .description("Partitions that this instance runs")
        .tags(tags)
        .strongReference(true)
        .register(registry);
    for (ProjectionState next :
        List.of(ProjectionState.RETRYING, ProjectionState.FAILED, ProjectionState.STOPPED)) {
      failures.put(next, failure(next));
    }
  }

  private Counter failure(ProjectionState next) {
    return Counter.builder("headwater.projection.failures")
        .description("Attempts that failed, by what is next")
        .tags(tags)
        .tag("next", next.name().toLowerCase(Locale.ROOT))
        .register(registry);
  }

  private Counter events(String how) {
    return Counter.builder("headwater.projection.events")
        .description("Events that the checkpoints moved over")
        .tags(tags)
        .tag("how", how)
        .register(registry);
  }

  private Counter leases(String change) {
    return Counter.builder("headwater.projection.leases")
        .description("Partitions that came to this instance or went")
        .tags(tags)
        .tag("change", change)
        .register(registry);
  }

  private Timer stage(String stage) {
    return Latency.timer("headwater.projection.stage", "Parts of the time that a batch takes")
        .tags(tags)
        .tag("stage", stage)
        .register(registry);
  }

  private Timer visible(String since) {
    return Latency.timer("headwater.projection.visible", "Until an event is in the read model")
        .tags(tags)
        .tag("since", since)
        .register(registry);
  }

  LagClock lag() {
    return lag;
  }

  void changed(LeasesChanged leases) {
    lag.holds(leases.held());
    taken.increment(leases.taken().size());
    left.increment(leases.left().size());
    fenced.increment(leases.fenced().size());
  }

  void failed(ProjectionState next) {
    Counter counter = failures.get(next);
    if (counter != null) {
      counter.increment();
    }
  }

  void committed(BatchCommitted batch) {
    int events = batch.events();
    batchEvents.record(events);
    applied.increment(events);
    passedOver.increment((double) (batch.advanced() - events));
    apply.record(batch.applyNanos(), TimeUnit.NANOSECONDS);
    commit.record(batch.commitNanos(), TimeUnit.NANOSECONDS);
    lag.applied(batch.to());
    if (batch.live()) {
      batch.batches().forEach(this::visible);
    } else {
      fetch.record(batch.fetchNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /** Two events of a batch stand for it: the last is that of the log's id, the first the oldest. */
  private void visible(PartitionBatch batch) {
    long stored = LogTime.millis(batch.next());
    long now = Metadata.micros(clock.instant());
    if (stored > 0) {
      record(sinceStored, now - stored * 1_000);
    }
    List<SequencedEvent> events = batch.events();
    if (!events.isEmpty()) {
      record(sinceOccurred, now - events.getFirst().event().metadata().occurredAt());
    }
  }

  private static void record(Timer timer, long micros) {
    if (micros < DAY_MICROS) {
      timer.record(Math.max(0, micros), TimeUnit.MICROSECONDS); // clocks may differ
    }
  }
}
