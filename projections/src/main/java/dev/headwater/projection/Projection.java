package dev.headwater.projection;

import dev.headwater.readmodel.Table;
import java.util.List;

/**
 * A read model and how events change it. Written by domain developers, run by {@link
 * ProjectionRunner}.
 *
 * <p>Handlers are called by one thread at a time, in the order of each aggregate's events. What
 * they do must depend on the events (and the read model) alone, because a replay does it again.
 */
public interface Projection {
  /**
   * Identifies the projection for ever: its checkpoints and its consumer group. A letter followed
   * by up to 99 letters, digits, {@code _ . -}.
   */
  String name();

  /** The tables that the handlers fill. No other projection may write to them. */
  List<Table> tables();

  /**
   * Says what each kind of event does to the tables. Called once by whoever calls the handlers: a
   * {@link ProjectionRunner}, and {@link ParkedAggregates}.
   */
  void define(EventHandlers on);
}
