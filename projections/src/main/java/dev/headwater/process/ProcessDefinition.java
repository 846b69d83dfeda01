package dev.headwater.process;

import dev.headwater.effect.StartAt;
import dev.headwater.event.StreamId;
import java.util.List;
import java.util.Optional;

/**
 * The rules of a process as pure functions; written by domain developers, called by {@link
 * ProcessRunner} and by {@link ProcessFixture}.
 *
 * <p>Pure: no clock, no random numbers, no I/O, and no change to the state that was passed in. Each
 * input of an instance is reacted to once. Implementations are thread-safe by having no state of
 * their own.
 *
 * @param <E> what the events that it reacts to have in common
 * @param <S> state of an instance, immutable
 * @param <C> commands that it sends
 */
public interface ProcessDefinition<E, S, C> {
  /** Its name, which never changes; see {@link dev.headwater.effect.Effect#name()}. */
  String name();

  /** Where it begins when it is started for the very first time. */
  StartAt startAt();

  /** Classes (or interfaces) of the events that it reacts to; none is a kind of another one. */
  List<Class<? extends E>> events();

  /**
   * Which instance an event concerns, such as the id of the order that all is about; empty if none.
   * 1 to 512 characters.
   *
   * @param stream the event's stream
   */
  Optional<String> instanceOf(E event, StreamId stream);

  /** The state of an instance before its first event. */
  S initial(String instance);

  /**
   * What an event leads to. An instance that reacts with its initial state and nothing else is not
   * begun.
   */
  Reaction<S, C> react(S state, E event);

  /** What a timer of the instance leads to that is due. */
  default Reaction<S, C> timedOut(S state, String timer) {
    throw new UnsupportedOperationException(
        "process " + name() + " started timer " + timer + " and does not say what it leads to");
  }

  /** What it leads to that a command of the instance was rejected. */
  default Reaction<S, C> rejected(S state, RejectedCommand rejected) {
    throw new UnsupportedOperationException(
        "process " + name() + " does not say what it leads to that was rejected: " + rejected);
  }
}
