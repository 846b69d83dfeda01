package dev.headwater.effect;

import dev.headwater.codec.EventCodec;
import dev.headwater.store.DeliverToGroup;
import dev.headwater.store.ReadPartitions;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * Runs effects, each at least once for every event. Several processes may run the same effects:
 * they share the events, and take over from each other. Thread-safe.
 *
 * <p>The events of a stream have their effect one after another. One that fails is tried again, and
 * later ones of its stream wait meanwhile; after the last attempt it becomes a dead letter. Before
 * it is started, the schema must have been made by {@link
 * dev.headwater.readmodel.Migrations#framework}.
 */
public final class EffectRunner implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,99}");

  private final Map<String, EffectWorker<?>> workers = new LinkedHashMap<>();
  private boolean started;

  /**
   * A runner, not started yet.
   *
   * @param database where the framework's schema is; it is not closed by the runner
   * @throws IllegalArgumentException if effects share a name, or handle no event
   */
  public <S extends ReadPartitions & DeliverToGroup> EffectRunner(
      S store,
      EventCodec codec,
      DataSource database,
      Collection<? extends Effect> effects,
      EffectSettings settings) {
    for (Effect effect : effects) {
      if (!NAME.matcher(effect.name()).matches()) {
        throw new IllegalArgumentException(
            "effect name must be a letter followed by up to 99 letters, digits, '_', '.' or '-',"
                + " was: '"
                + effect.name()
                + "'");
      }
      if (workers.put(effect.name(), new EffectWorker<>(effect, store, codec, database, settings))
          != null) {
        throw new IllegalArgumentException("two effects are named " + effect.name());
      }
    }
  }

  /**
   * Starts all effects; returns at once.
   *
   * @throws IllegalStateException if it was started before
   */
  public synchronized void start() {
    if (started) {
      throw new IllegalStateException("an effect runner can be started once");
    }
    started = true;
    workers.values().forEach(EffectWorker::start);
  }

  /** How each effect is doing. */
  public List<EffectStatus> status() {
    return workers.values().stream().map(EffectWorker::status).toList();
  }

  /**
   * Begins no more handlers, waits for those that run (up to a third of {@link
   * EffectSettings#abandonedAfter}), and leaves the rest to other instances.
   */
  @Override
  public synchronized void close() {
    workers.values().forEach(EffectWorker::stop);
    boolean interrupted = false;
    for (EffectWorker<?> worker : workers.values()) {
      try {
        worker.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
