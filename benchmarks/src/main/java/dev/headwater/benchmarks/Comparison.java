package dev.headwater.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Contestants that take turns, so that a neighbour's load on the machine hits all of them; of each
 * the median of all rounds counts, after one round that warms up.
 */
final class Comparison {
  private Comparison() {}

  /** Runs and prints one line for each contestant. */
  static void run(
      Arguments arguments, String work, Map<String, Object> fields, List<Contestant> contestants)
      throws Exception {
    Duration length = Duration.ofMillis((long) (1_000 * arguments.decimal("seconds", 3)));
    List<Entrant> entrants = new ArrayList<>();
    for (Contestant contestant : contestants) {
      contestant.round(length.multipliedBy(arguments.number("warm-up", 2)));
      entrants.add(new Entrant(contestant, new ArrayList<>()));
    }
    for (int i = 0; i < arguments.number("rounds", 5); i++) {
      for (Entrant entrant : entrants) {
        entrant.rounds().add(entrant.contestant().round(length));
      }
    }
    for (Entrant entrant : entrants) {
      entrant.measurement(work, fields).print(arguments);
    }
  }

  private record Entrant(Contestant contestant, List<Round> rounds) {
    Measurement measurement(String work, Map<String, Object> fields) {
      Map<String, Object> all = new LinkedHashMap<>(fields);
      all.put("concurrency", contestant.concurrency());
      return new Measurement(work, contestant.name(), all)
          .with("perSecond", median(rounds, Round::perSecond))
          .with("p50us", median(rounds, Round::p50Micros))
          .with("p99us", median(rounds, Round::p99Micros))
          .with("serverCpuUs", median(rounds, Round::serverCpuMicros))
          .with("clientCpuUs", median(rounds, Round::clientCpuMicros));
    }
  }

  private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
    List<Double> sorted =
        rounds.stream().map(figure::applyAsDouble).sorted(Comparator.naturalOrder()).toList();
    return sorted.get(sorted.size() / 2);
  }
}
