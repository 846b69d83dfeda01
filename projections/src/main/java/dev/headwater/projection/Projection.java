package dev.headwater.projection;

import dev.headwater.readmodel.Table;
import java.util.List;

/**
 * A read model and how events change it. Written by domain developers, run by {@link
 * ProjectionRunner}.
 *
 * <p>Handlers are called by one thread, in the order of each aggregate's events. What they do must
 * depend on the events (and the read model) alone, because a replay does it again.
 */
public interface Projection {
  /**
   * Identifies the projection for ever, with its {@link #version}: its checkpoints and its consumer
   * group. A letter followed by up to 99 letters, digits, {@code _ . -}.
   */
  String name();

  /** Raised when the read model is to be made anew; each version has checkpoints of its own. */
  default int version() {
    return 1;
  }

  /**
   * Where the Flyway migrations that make the tables are, such as {@code
   * classpath:db/orders/{vendor}}; {@code {vendor}} stands for {@code h2} or {@code postgresql}.
   * With them each version has its tables in a schema of its own, and the tables of the version
   * that serves are views in the default schema: see {@link ProjectionVersions}. Without, the
   * tables are made by {@link dev.headwater.readmodel.Migrations#application} in the default
   * schema, and no version can be built beside another.
   */
  default List<String> migrations() {
    return List.of();
  }

  /** The tables that the handlers fill. No other projection may write to them. */
  List<Table> tables();

  /**
   * Whether {@code headwater.lineage} is to tell which events touched which row of the tables that
   * have a key. It is written with the rows, and is of the events that are applied while it is
   * switched on: a replay makes it whole. What it costs is in the documentation.
   */
  default boolean lineage() {
    return false;
  }

  /** Says what each kind of event does to the tables. Called once. */
  void define(EventHandlers on);
}
