package dev.headwater.effect;

import dev.headwater.event.RecordedEvent;

/**
 * What one kind of event leads to.
 *
 * @param <E> the domain event
 */
@FunctionalInterface
public interface EffectHandler<E> {
  /**
   * Does it. May be called again for the same event, by this process or another, with the same id:
   * hand it on to whatever can recognise it, such as the idempotency key of a web service. Whatever
   * it throws is a failed attempt.
   *
   * @param event the domain event
   * @param recorded where it comes from: stream, version, commit, metadata
   * @param id the same whenever this effect of this event is attempted
   */
  void handle(E event, RecordedEvent recorded, EffectId id) throws Exception;
}
