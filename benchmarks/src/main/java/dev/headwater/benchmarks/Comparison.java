package dev.headwater.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * Contestants that take turns, so that a neighbour's load on the machine hits all of them; of each
 * the median of all rounds counts, after one longer round that warms up.
 */
final class Comparison {
  private final Arguments arguments;
  private final Consumer<Measurement> results;

  Comparison(Arguments arguments, Consumer<Measurement> results) {
    this.arguments = arguments;
    this.results = results;
  }

  /** The options of every work that compares, and those of the work itself before them. */
  static List<Option> options(List<String> contestants, Option... own) {
    List<Option> options = new ArrayList<>(List.of(own));
    options.add(Option.some("contestants", contestants, "who takes part"));
    options.add(Option.decimal("seconds", "3", "length of a round"));
    options.add(Option.number("rounds", 5, 1, "rounds of each contestant, the median counts"));
    options.add(Option.number("warm-up", 2, 0, "lengths of a round to warm up before"));
    return options;
  }

  /** Runs those that shall take part and can, closes all, and hands over a measurement of each. */
  void run(String work, Map<String, Object> fields, List<Contestant> contestants) throws Exception {
    Duration length = Duration.ofNanos((long) (1e9 * arguments.decimal("seconds")));
    try {
      List<Entrant> entrants = new ArrayList<>();
      for (Contestant contestant : contestants) {
        if (takesPart(work, contestant)) {
          entrants.add(new Entrant(contestant, new ArrayList<>()));
        }
      }
      int warmUps = arguments.number("warm-up");
      for (Entrant entrant : entrants) {
        if (warmUps > 0) {
          Contestant contestant = entrant.contestant();
          contestant.round(length.multipliedBy((long) warmUps * contestant.warmUps()));
        }
      }
      for (int i = 0; i < arguments.number("rounds"); i++) {
        for (Entrant entrant : entrants) {
          entrant.rounds().add(entrant.contestant().round(length));
        }
      }
      for (Entrant entrant : entrants) {
        results.accept(entrant.measurement(work, fields));
      }
    } finally {
      contestants.forEach(Contestant::close);
    }
  }

  private boolean takesPart(String work, Contestant contestant) {
    if (!arguments.texts("contestants").contains(contestant.name())) {
      return false;
    }
    if (contestant.name().startsWith(Contestant.LIMIT) && !RedisBenchmark.isInstalled()) {
      System.err.println(
          work
              + ": "
              + contestant.name()
              + " is left out, because there is no redis-benchmark on the PATH");
      return false;
    }
    return true;
  }

  private record Entrant(Contestant contestant, List<Round> rounds) {
    Measurement measurement(String work, Map<String, Object> fields) {
      Map<String, Object> all = new LinkedHashMap<>(fields);
      all.putAll(contestant.fields());
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
