package dev.headwater.benchmarks;

import java.util.List;
import java.util.Locale;

/** {@code --name value} pairs and {@code --json} of a benchmark's command line. */
record Arguments(List<String> words) {
  Arguments(String[] args) {
    this(List.of(args));
  }

  boolean json() {
    return words.contains("--json");
  }

  int number(String name, int otherwise) {
    return Integer.parseInt(text(name, String.valueOf(otherwise)));
  }

  String text(String name, String otherwise) {
    int at = words.indexOf("--" + name);
    return at < 0 || at + 1 == words.size() ? otherwise : words.get(at + 1);
  }

  /** Prints one result: a line of JSON for programs, or the sentence. */
  @SuppressWarnings("AnnotateFormatMethod") // the formats are constants of the callers
  void print(String json, String sentence, Object... values) {
    System.out.println(String.format(Locale.ROOT, json() ? json : sentence, values));
  }
}
