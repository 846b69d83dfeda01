package dev.headwater.benchmarks;

import java.util.List;
import java.util.function.Consumer;

/**
 * Something that can be measured.
 *
 * @param name as {@code benchmarks/run} takes it
 * @param measures what, in a few words
 * @param body measures it
 */
record Work(String name, String measures, List<Option> options, Body body) {
  /** Measures and hands each measurement over as soon as it is there. */
  @FunctionalInterface
  interface Body {
    void run(Arguments arguments, Consumer<Measurement> results) throws Exception;
  }
}
