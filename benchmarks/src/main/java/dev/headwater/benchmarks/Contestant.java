package dev.headwater.benchmarks;

import java.time.Duration;

/** A way to do a piece of work, compared with others in turn. */
interface Contestant {
  /** {@code headwater…}, or {@code limit:…} for what can't be beaten. */
  String name();

  /** Does the work for about {@code length}, beginning with an empty store. */
  Round round(Duration length) throws Exception;

  /** Operations at a time. */
  int concurrency();

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
