package dev.headwater.benchmarks;

import dev.headwater.redis.server.RedisServerOptions.Fsync;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The options of a command line, all checked, and the defaults of those that it leaves out. */
final class Arguments {
  private final Map<String, String> values;
  private final boolean json;

  private Arguments(Map<String, String> values, boolean json) {
    this.values = values;
    this.json = json;
  }

  /**
   * What follows a work's name.
   *
   * @throws WrongUsage if that is not options of the work with values that they take
   */
  static Arguments of(Work work, List<String> words) {
    Map<String, String> values = new HashMap<>();
    work.options().forEach(option -> values.put(option.name(), option.otherwise()));
    boolean json = false;
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).equals("--json")) {
        json = true;
      } else {
        Option option = option(work, words.get(i));
        i++;
        if (i == words.size()) {
          throw new WrongUsage("--" + option.name() + " takes " + option.takes());
        }
        if (!option.accepts().test(words.get(i))) {
          throw new WrongUsage(
              "--" + option.name() + " takes " + option.takes() + ", was: " + words.get(i));
        }
        values.put(option.name(), words.get(i));
      }
    }
    return new Arguments(values, json);
  }

  private static Option option(Work work, String word) {
    return work.options().stream()
        .filter(option -> word.equals("--" + option.name()))
        .findFirst()
        .orElseThrow(() -> new WrongUsage(work.name() + " has no option " + word));
  }

  boolean json() {
    return json;
  }

  int number(String name) {
    return Integer.parseInt(text(name));
  }

  double decimal(String name) {
    return Double.parseDouble(text(name));
  }

  List<Integer> numbers(String name) {
    return texts(name).stream().map(Integer::valueOf).toList();
  }

  List<String> texts(String name) {
    return List.of(text(name).split(",", -1));
  }

  List<Fsync> fsyncs() {
    return texts("fsync").stream()
        .map(name -> Fsync.valueOf(name.toUpperCase(Locale.ROOT)))
        .toList();
  }

  String text(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the work declares no option " + name);
    }
    return value;
  }
}
