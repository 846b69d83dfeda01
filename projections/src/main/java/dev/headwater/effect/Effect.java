package dev.headwater.effect;

/**
 * What events lead to outside of the event store. Written by domain developers, run by an {@link
 * EffectRunner}. Implementations are thread-safe.
 */
public interface Effect {
  /**
   * Its name, which never changes: a letter followed by up to 99 letters, digits, {@code _ . -}. It
   * names the consumer group and is part of the effect ids.
   */
  String name();

  /**
   * Where it begins when it is started for the very first time. From then on it goes on where it
   * was.
   */
  StartAt startAt();

  /** Defines a handler for each kind of event that it is about. */
  void define(EffectHandlers on);
}
