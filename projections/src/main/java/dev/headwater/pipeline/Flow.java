package dev.headwater.pipeline;

import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What becomes of events on their way, step by step. Each step makes another flow; a flow is
 * immutable and may be the beginning of several. The functions must depend on the event alone,
 * because an event may come again.
 *
 * @param <E> the events that come in
 * @param <T> what they have become
 */
public final class Flow<E, T> {
  private final Class<E> source;
  private final BiFunction<E, RecordedEvent, List<T>> steps;

  private Flow(Class<E> source, BiFunction<E, RecordedEvent, List<T>> steps) {
    this.source = source;
    this.steps = steps;
  }

  /** All events of a class or, where it is an interface, of all its subtypes. */
  public static <E> Flow<E, E> of(Class<E> source) {
    return new Flow<>(source, (event, recorded) -> List.of(event));
  }

  /** Lets those through that it holds for. */
  public Flow<E, T> filter(Predicate<? super T> holds) {
    return filter((value, recorded) -> holds.test(value));
  }

  /** The same, by where the event comes from too. */
  public Flow<E, T> filter(BiPredicate<? super T, RecordedEvent> holds) {
    return flatMap((value, recorded) -> holds.test(value, recorded) ? List.of(value) : List.of());
  }

  /** Makes each into another. */
  public <R> Flow<E, R> map(Function<? super T, ? extends R> function) {
    return map((value, recorded) -> function.apply(value));
  }

  /** The same, by where the event comes from too. */
  public <R> Flow<E, R> map(BiFunction<? super T, RecordedEvent, ? extends R> function) {
    return flatMap((value, recorded) -> List.of(function.apply(value, recorded)));
  }

  /** Makes each into none, one or several, in this order. */
  public <R> Flow<E, R> flatMap(
      BiFunction<? super T, RecordedEvent, ? extends List<? extends R>> function) {
    return new Flow<>(
        source,
        (event, recorded) ->
            steps.apply(event, recorded).stream()
                .<R>flatMap(value -> function.apply(value, recorded).stream())
                .toList());
  }

  /** Everything goes to one stream. */
  public Flow<E, Outgoing> to(StreamId target) {
    return to((value, recorded) -> target);
  }

  /** Each goes to the stream that the function says. */
  public Flow<E, Outgoing> to(BiFunction<? super T, RecordedEvent, StreamId> target) {
    return map((value, recorded) -> new Outgoing(target.apply(value, recorded), value));
  }

  Class<E> source() {
    return source;
  }

  List<T> apply(E event, RecordedEvent recorded) {
    return steps.apply(event, recorded);
  }
}
