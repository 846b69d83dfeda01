package dev.headwater.projection;

/** What came of trying a parked aggregate again. */
public sealed interface Retried {
  /** All its waiting events are in the read model, and it is no longer parked. */
  record Applied(long events) implements Retried {}

  /** Nothing was changed, but for what {@code aggregate} says of this try. */
  record StillParked(ParkedAggregate aggregate) implements Retried {}

  /** It is not parked: it never was, somebody else resolved it, or the projection was replayed. */
  record NotParked() implements Retried {}
}
