package dev.headwater.benchmarks;

import java.time.Duration;
import java.util.Map;

/** A way to do a piece of work, compared with others in turn; closed when all rounds are done. */
interface Contestant extends AutoCloseable {
  /** Begins the names of those whose calls {@link RedisBenchmark} makes. */
  String LIMIT = "limit:";

  /** {@code headwater…}, or {@code limit:…} for what can't be beaten. */
  String name();

  /** Does the work for about {@code length}. */
  Round round(Duration length) throws Exception;

  /** Operations at a time. */
  int concurrency();

  /** How many times as long as others it runs before it is measured. */
  default int warmUps() {
    return 1;
  }

  /** Further fields of its measurement; asked for after the last round. */
  default Map<String, Object> fields() {
    return Map.of();
  }

  @Override
  default void close() {}

  /** One whose rounds do so. */
  static Contestant of(String name, int concurrency, Rounds rounds) {
    return new Contestant() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public int concurrency() {
        return concurrency;
      }

      @Override
      public Round round(Duration length) throws Exception {
        return rounds.round(length);
      }
    };
  }

  /** Does the work for about so long. */
  @FunctionalInterface
  interface Rounds {
    Round round(Duration length) throws Exception;
  }
}
