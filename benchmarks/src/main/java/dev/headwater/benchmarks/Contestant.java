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
}
