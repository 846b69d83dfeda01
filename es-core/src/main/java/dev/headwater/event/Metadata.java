package dev.headwater.event;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is known about the origin of a commit, stored with each of its events.
 *
 * @param occurredAt when it happened in the domain's time, in microseconds since 1970 UTC
 * @param correlationId groups everything that one request from outside led to
 * @param causationId id of the command or event that led to this one
 * @param actor who did it
 * @param traceparent W3C trace context
 */
public record Metadata(
    long occurredAt,
    @Nullable String correlationId,
    @Nullable String causationId,
    @Nullable String actor,
    @Nullable String traceparent) {

  /** Metadata with a time alone. */
  public static Metadata at(Instant occurredAt) {
    return new Metadata(micros(occurredAt), null, null, null, null);
  }

  /** Metadata with a time alone, in microseconds since 1970 UTC. */
  public static Metadata atMicros(long occurredAt) {
    return new Metadata(occurredAt, null, null, null, null);
  }

  /** The same with another actor. */
  public Metadata withActor(@Nullable String newActor) {
    return new Metadata(occurredAt, correlationId, causationId, newActor, traceparent);
  }

  /** The same with other correlation and causation ids. */
  public Metadata withCause(@Nullable String newCorrelationId, @Nullable String newCausationId) {
    return new Metadata(occurredAt, newCorrelationId, newCausationId, actor, traceparent);
  }

  /** The same with another W3C trace context. */
  public Metadata withTraceparent(@Nullable String newTraceparent) {
    return new Metadata(occurredAt, correlationId, causationId, actor, newTraceparent);
  }

  /** {@link #occurredAt} as an instant. */
  public Instant time() {
    return Instant.EPOCH.plus(occurredAt, ChronoUnit.MICROS);
  }

  /** Microseconds since 1970 UTC, rounded down. */
  public static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant.truncatedTo(ChronoUnit.MICROS));
  }

  /**
   * The stored form: a JSON object with {@code at} and, where known, {@code cor}, {@code cau},
   * {@code act}, {@code tp}.
   */
  public byte[] toJson() {
    return MetadataJson.write(this);
  }

  /**
   * Reads the stored form. Unknown fields are ignored.
   *
   * @throws IllegalArgumentException if it is not such an object
   */
  public static Metadata fromJson(byte[] json) {
    return MetadataJson.read(json);
  }
}
