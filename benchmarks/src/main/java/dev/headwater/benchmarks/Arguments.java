package dev.headwater.benchmarks;

import java.util.List;

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

  double decimal(String name, double otherwise) {
    return Double.parseDouble(text(name, String.valueOf(otherwise)));
  }

  /** Numbers with commas between them. */
  List<Integer> numbers(String name, String otherwise) {
    return texts(name, otherwise).stream().map(Integer::valueOf).toList();
  }

  /** Words with commas between them. */
  List<String> texts(String name, String otherwise) {
    return List.of(text(name, otherwise).split(",", -1));
  }

  String text(String name, String otherwise) {
    int at = words.indexOf("--" + name);
    return at < 0 || at + 1 == words.size() ? otherwise : words.get(at + 1);
  }
}
