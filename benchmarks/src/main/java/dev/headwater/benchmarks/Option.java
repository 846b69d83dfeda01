package dev.headwater.benchmarks;

import dev.headwater.redis.server.RedisServerOptions.Fsync;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * An option {@code --name value} of a work.
 *
 * @param name without the dashes
 * @param otherwise its value when it isn't given
 * @param meaning a few words for the usage
 * @param takes which values it takes, to follow "takes"
 * @param accepts whether it takes that value
 */
record Option(
    String name, String otherwise, String meaning, String takes, Predicate<String> accepts) {
  /** A whole number of at least {@code least}. */
  static Option number(String name, int otherwise, int least, String meaning) {
    return new Option(
        name,
        String.valueOf(otherwise),
        meaning,
        "a whole number from " + least,
        value -> isNumber(value, least));
  }

  /** Whole numbers of at least {@code least}, with commas between them. */
  static Option numbers(String name, String otherwise, int least, String meaning) {
    return new Option(
        name,
        otherwise,
        meaning,
        "whole numbers from " + least + " with commas between them",
        value -> parts(value).allMatch(part -> isNumber(part, least)));
  }

  /** A number above zero. */
  static Option decimal(String name, String otherwise, String meaning) {
    return new Option(name, otherwise, meaning, "a number above 0", Option::isDecimal);
  }

  /** Any text. */
  static Option text(String name, String otherwise, String meaning) {
    return new Option(name, otherwise, meaning, "a text", value -> true);
  }

  /** Some of these words, with commas between them; all of them if it isn't given. */
  static Option some(String name, List<String> words, String meaning) {
    return some(name, String.join(",", words), words, meaning);
  }

  /** When Redis forces its append-only file to disk: one or more of {@link Fsync}. */
  static Option fsync() {
    List<String> known =
        Arrays.stream(Fsync.values()).map(fsync -> fsync.name().toLowerCase(Locale.ROOT)).toList();
    return some("fsync", "everysec", known, "when Redis forces its file to disk");
  }

  private static Option some(String name, String otherwise, List<String> words, String meaning) {
    return new Option(
        name,
        otherwise,
        meaning,
        "some of " + String.join(", ", words) + " with commas between them",
        value -> parts(value).allMatch(words::contains));
  }

  private static Stream<String> parts(String value) {
    return Arrays.stream(value.split(",", -1));
  }

  private static boolean isNumber(String value, int least) {
    try {
      return Integer.parseInt(value) >= least;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static boolean isDecimal(String value) {
    try {
      double number = Double.parseDouble(value);
      return number > 0 && number < Double.POSITIVE_INFINITY;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
