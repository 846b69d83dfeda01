package dev.headwater.process;

import dev.headwater.codec.EventCodec;
import dev.headwater.effect.Effect;
import dev.headwater.effect.EffectHandlers;
import dev.headwater.effect.EffectRunner;
import dev.headwater.effect.EffectSettings;
import dev.headwater.effect.EffectStatus;
import dev.headwater.effect.StartAt;
import dev.headwater.store.DeliverToGroup;
import dev.headwater.store.ReadPartitions;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/**
 * Runs a process: reacts to each event, timer and rejection once, sends the commands in order, and
 * wakes instances when their timers are due. Several processes of the operating system may run it
 * at the same time, and take over from each other. Thread-safe.
 *
 * <p>It is an {@link Effect} of the process's name: an event that it can't react to is tried again
 * and becomes a dead letter, see {@link dev.headwater.effect.DeadLetters} and {@link #effect()}. A
 * timer or rejection that it can't react to is tried again for ever, with pauses up to the longest
 * one; {@code headwater.scheduled_tasks} counts the failures.
 *
 * <p>Commands carry ids that are derived from the input, so one that is sent again is recognised
 * for as long as the store keeps its id.
 */
public final class ProcessRunner implements AutoCloseable {
  /** How often to look for timers that are due, if nothing else is said. */
  public static final Duration LOOK = Duration.ofSeconds(1);

  private final Effect effect;
  private final EffectRunner events;
  private final Timers timers;

  private ProcessRunner(Effect effect, EffectRunner events, Timers timers) {
    this.effect = effect;
    this.events = events;
    this.timers = timers;
  }

  /**
   * A runner, not started yet.
   *
   * @param events codec of the events
   * @param database where the framework's schema is; it is not closed by the runner
   * @param look how often to look for timers that are due; so late may they be
   */
  public static <E, S, C, T extends ReadPartitions & DeliverToGroup> ProcessRunner create(
      ProcessParts<E, S, C> parts,
      T store,
      EventCodec events,
      DataSource database,
      EffectSettings settings,
      Duration look) {
    ProcessEngine<E, S, C> engine = new ProcessEngine<>(parts, database, settings, look);
    Effect effect = new Reacting<>(parts.definition(), engine);
    return new ProcessRunner(
        effect,
        new EffectRunner(store, events, database, List.of(effect), settings),
        engine.timers());
  }

  /** Feeds the events of the store to the process. */
  private record Reacting<E, S, C>(
      ProcessDefinition<E, S, C> definition, ProcessEngine<E, S, C> engine) implements Effect {
    @Override
    public String name() {
      return definition.name();
    }

    @Override
    public StartAt startAt() {
      return definition.startAt();
    }

    @Override
    public void define(EffectHandlers on) {
      for (Class<? extends E> eventClass : definition.events()) {
        on.event(eventClass, engine::happened);
      }
    }
  }

  /** Starts it; returns at once. */
  public void start() {
    timers.start();
    events.start();
  }

  /** How the part is doing that reacts to events. */
  public EffectStatus status() {
    return events.status().getFirst();
  }

  /** The process as an effect, to ask for its dead letters. */
  public Effect effect() {
    return effect;
  }

  /** Reacts to nothing more, and waits for what is under way. */
  @Override
  public void close() {
    events.close();
    timers.close();
  }
}
