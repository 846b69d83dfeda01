package dev.headwater.telemetry;

import dev.headwater.event.RecordedEvent;
import dev.headwater.event.SequencedEvent;
import dev.headwater.projection.Projection;
import dev.headwater.projection.ProjectionMoment;
import dev.headwater.projection.ProjectionMoment.BatchCommitted;
import dev.headwater.projection.ProjectionObserver;
import dev.headwater.store.PartitionBatch;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Ends the trace of a command where its events became visible: a span {@code project <projection>}
 * within that trace for each commit in a batch, from its delivery to the database's commit, linked
 * to one span {@code project batch <projection>} of the transaction, which is linked to them. Set
 * with {@link dev.headwater.projection.RunnerSettings#withObserver}. Thread-safe.
 *
 * <p>Only of commits whose trace is sampled, only of up to {@value #MOST} in a batch, and only of
 * projections that follow the store: a replay is nobody's trace.
 */
public final class ProjectionTraces implements ProjectionObserver {
  /** The most commits in a batch that get a span; how many got none, the batch's span says. */
  public static final int MOST = 100;

  private final Tracer tracer;

  /** Traces the projections that it is told of. */
  public ProjectionTraces(OpenTelemetry telemetry) {
    this.tracer = telemetry.getTracer(Spans.SCOPE);
  }

  /** A commit of a sampled trace, as far as it is in the batch. */
  private record Traced(SpanContext command, String commitId, int partition, long events) {}

  @Override
  public void observe(Projection projection, ProjectionMoment moment) {
    if (moment instanceof BatchCommitted batch && batch.live()) {
      List<Traced> traced = traced(batch);
      if (!traced.isEmpty()) {
        trace(projection.name(), batch, traced);
      }
    }
  }

  private static List<Traced> traced(BatchCommitted batch) {
    List<Traced> traced = new ArrayList<>();
    for (PartitionBatch part : batch.batches()) {
      List<SequencedEvent> events = part.events();
      int first = 0;
      while (first < events.size()) {
        RecordedEvent event = events.get(first).event();
        int behind = endOfCommit(events, first);
        SpanContext command = Traceparent.in(event.metadata());
        if (command.isSampled()) {
          traced.add(
              new Traced(command, event.commitId(), part.next().partition(), behind - first));
        }
        first = behind;
      }
    }
    return traced;
  }

  private static int endOfCommit(List<SequencedEvent> events, int first) {
    RecordedEvent start = events.get(first).event();
    int behind = first + 1;
    while (behind < events.size()
        && events.get(behind).event().commitId().equals(start.commitId())
        && events.get(behind).event().stream().equals(start.stream())) {
      behind++;
    }
    return behind;
  }

  private void trace(String name, BatchCommitted batch, List<Traced> all) {
    Instant end = Instant.now();
    Instant written = end.minusNanos(batch.commitNanos());
    Instant delivered = written.minusNanos(batch.applyNanos());
    List<Traced> traced = all.subList(0, Math.min(MOST, all.size()));
    SpanBuilder transaction =
        tracer
            .spanBuilder("project batch " + name)
            .setNoParent()
            .setStartTimestamp(delivered)
            .setAttribute(Spans.EVENTS, (long) batch.events())
            .setAttribute(Spans.LEFT_OUT, (long) (all.size() - traced.size()));
    traced.forEach(commit -> transaction.addLink(commit.command()));
    Span batchSpan = transaction.startSpan();
    batchSpan.addEvent("rows written", written);
    for (Traced commit : traced) {
      tracer
          .spanBuilder("project " + name)
          .setParent(Traceparent.parent(commit.command()))
          .setSpanKind(SpanKind.CONSUMER)
          .setStartTimestamp(delivered)
          .addLink(batchSpan.getSpanContext())
          .setAttribute(Spans.COMMIT, commit.commitId())
          .setAttribute(Spans.PARTITION, (long) commit.partition())
          .setAttribute(Spans.EVENTS, commit.events())
          .startSpan()
          .end(end);
    }
    batchSpan.end(end);
  }
}
