package dev.headwater.telemetry;

import io.micrometer.core.instrument.Timer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/** Timers that differ in one tag, kept at hand: a registry's own look-up makes garbage. */
final class Timers {
  private final ConcurrentMap<String, Timer> byTag = new ConcurrentHashMap<>();
  private final Function<String, Timer> register;

  Timers(Function<String, Timer> register) {
    this.register = register;
  }

  Timer of(String tag) {
    Timer known = byTag.get(tag);
    return known != null ? known : byTag.computeIfAbsent(tag, register);
  }
}
