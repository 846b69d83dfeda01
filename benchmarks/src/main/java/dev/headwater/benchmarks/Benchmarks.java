package dev.headwater.benchmarks;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/**
 * What {@code benchmarks/run} starts. Measurements go to standard output, one a line, and all else
 * to standard error. Exit status: 0 done, 1 failed, 2 wrong usage.
 */
public final class Benchmarks {
  private static final List<Work> WORKS =
      List.of(
          AppendBenchmark.WORK,
          HotBenchmark.WORK,
          LatencyBenchmark.WORK,
          LoadBenchmark.WORK,
          MemoryBenchmark.WORK,
          ProjectionBenchmark.WORK,
          RebuildBenchmark.WORK,
          TakeoverBenchmark.WORK,
          WriteBenchmark.WORK);

  private Benchmarks() {}

  /** Runs the work that the first word names with the options that follow. */
  public static void main(String[] args) {
    PrintStream out = System.out;
    System.setOut(System.err); // What a library prints is no measurement.
    System.exit(run(List.of(args), out, System.err));
  }

  /** Returns the exit status. */
  static int run(List<String> words, PrintStream out, PrintStream err) {
    if (words.contains("--help") || words.contains("-h")) {
      usage(out);
      return 0;
    }
    if (words.isEmpty()) {
      usage(err);
      return 2;
    }
    try {
      Work work = work(words.getFirst());
      Arguments arguments = Arguments.of(work, words.subList(1, words.size()));
      work.body()
          .run(
              arguments,
              measurement -> {
                out.println(arguments.json() ? measurement.json() : measurement.sentence());
                out.flush();
              });
      return 0;
    } catch (WrongUsage e) {
      err.println("benchmarks/run: " + e.getMessage() + " (--help shows the usage)");
      return 2;
    } catch (Exception e) {
      err.println("benchmarks/run: " + words.getFirst() + " failed");
      e.printStackTrace(err);
      return 1;
    }
  }

  private static Work work(String name) {
    return WORKS.stream()
        .filter(work -> work.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new WrongUsage(
                    "unknown work: "
                        + name
                        + ", known are: "
                        + String.join(", ", WORKS.stream().map(Work::name).toList())));
  }

  private static void usage(PrintStream to) {
    to.println("usage: benchmarks/run WORK [--json] [OPTIONS]");
    to.println("Prints one line a measurement; --json makes it JSON. Works, options, defaults:");
    for (Work work : WORKS) {
      to.println();
      to.println(work.name() + ": " + work.measures());
      for (Option option : work.options()) {
        to.println(
            String.format(
                Locale.ROOT,
                "  --%-17s %s [%s]",
                option.name(),
                option.meaning(),
                option.otherwise()));
      }
    }
  }
}
