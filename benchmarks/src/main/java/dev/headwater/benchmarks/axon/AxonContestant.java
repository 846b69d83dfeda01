package dev.headwater.benchmarks.axon;

import java.util.concurrent.CompletableFuture;

/** An Axon application on some engine. Thread-safe; each concurrent caller is a thread. */
public interface AxonContestant extends AutoCloseable {
  /** {@code headwater-axon} or {@code axon-jpa}. */
  String name();

  /**
   * Sends one command by Axon's gateway: the aggregate is sourced, decides, and appends one event
   * whose payload has 270 bytes. May block the caller.
   */
  CompletableFuture<?> send(String aggregateId);

  /** How many events there are. */
  long stored();

  @Override
  void close();
}
