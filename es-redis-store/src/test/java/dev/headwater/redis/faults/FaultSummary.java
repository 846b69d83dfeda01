package dev.headwater.redis.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** What a run of the faults comes to, a line each, for a person. */
final class FaultSummary {
  private static final Path FILE = Path.of("target", "faults-summary.txt");

  private final List<String> lines = new ArrayList<>();
  private final long seed;
  private int writersKilled;

  FaultSummary(long seed) {
    this.seed = seed;
  }

  /** This machine can't have the fault; the message says what it lacks. */
  static final class NotPossible extends Exception {
    NotPossible(String message) {
      super(message);
    }
  }

  /** A fault that ends with a tally or fails. */
  interface Fault {
    Tally run() throws Exception;
  }

  /** Runs it and writes its line, whatever comes of it. */
  Tally report(String name, Fault fault) throws Exception {
    long start = System.nanoTime();
    try {
      Tally tally = fault.run();
      add(name, tally.toString(), start);
      return tally;
    } catch (NotPossible e) {
      add(name, "NOT RUN: " + e.getMessage(), start);
      return Assumptions.abort(e.getMessage());
    } catch (Exception | Error e) {
      add(name, "FAILED: " + String.valueOf(e.getMessage()).strip(), start);
      throw e;
    }
  }

  private void add(String name, String result, long start) {
    long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
    lines.add(name + ": " + result + " (" + seconds + " s)");
    System.out.println(lines.getLast());
  }

  void writersKilled(int kills) {
    writersKilled += kills;
  }

  /** Prints all lines, and leaves them in a file. */
  void end() throws IOException {
    lines.add(
        "in all: "
            + Victim.kills()
            + " kills of Redis, "
            + writersKilled
            + " of writers; seed "
            + seed
            + " (-Dfaults.seed="
            + seed
            + " draws the same pauses again)");
    Files.createDirectories(FILE.getParent());
    Files.write(FILE, lines);
    System.out.println("\nFaults\n  " + String.join("\n  ", lines) + "\n");
  }
}
