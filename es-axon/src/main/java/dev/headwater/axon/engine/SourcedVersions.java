package dev.headwater.axon.engine;

import dev.headwater.event.StreamId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.eventsourcing.eventstore.AggregateBasedConsistencyMarker;
import org.axonframework.messaging.core.Context.ResourceKey;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.jspecify.annotations.Nullable;

/**
 * The versions of the streams that a processing context has sourced. Axon's marker alone doesn't
 * tell an empty stream from one with one event (both have sequence number 0), nor aggregates of
 * different types with the same id.
 */
final class SourcedVersions {
  private static final ResourceKey<Map<StreamId, Long>> VERSIONS =
      ResourceKey.withLabel("headwaterSourcedVersions");

  private final @Nullable Map<StreamId, Long> versions;

  private SourcedVersions(@Nullable Map<StreamId, Long> versions) {
    this.versions = versions;
  }

  /** Those of a context; nothing is known without one. */
  static SourcedVersions of(@Nullable ProcessingContext context) {
    return new SourcedVersions(
        context == null ? null : context.computeResourceIfAbsent(VERSIONS, ConcurrentHashMap::new));
  }

  /** A stream was read up to a version. Of two reads before an append the first one counts. */
  void sourced(StreamId stream, long version) {
    if (versions != null) {
      versions.merge(stream, version, Math::min);
    }
  }

  /** A stream has got a version by an append of this context. */
  void appended(StreamId stream, long version) {
    if (versions != null) {
      versions.put(stream, version);
    }
  }

  /**
   * The version that a stream had when this was decided.
   *
   * @param fromMarker what the marker says
   */
  long expected(StreamId stream, long fromMarker) {
    Long known = versions == null ? null : versions.get(stream);
    return known == null ? fromMarker : Math.min(known, fromMarker);
  }

  /** Whether a version of 1 may be one of 0: it is the marker's alone. */
  boolean mayBeEmpty(StreamId stream, long expected) {
    return expected == 1 && (versions == null || !versions.containsKey(stream));
  }

  /** The marker for a stream that was read up to a version. */
  static AggregateBasedConsistencyMarker marker(StreamId stream, long version) {
    return new AggregateBasedConsistencyMarker(stream.id(), Math.max(0, version - 1));
  }
}
