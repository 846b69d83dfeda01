package dev.headwater.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a run of the fault suite comes to, a line each, for a person: printed and in a file. */
public final class FaultSummary {
  private static final Path FILE = Path.of("target", "faults-summary.txt");
  private static final List<String> LINES = new ArrayList<>();

  private FaultSummary() {}

  /** A fault that ends with what was found or fails. */
  @FunctionalInterface
  public interface Fault {
    /** What came of it, in words. */
    String run() throws Exception;
  }

  /** Runs it and adds its line, whatever comes of it. */
  public static void report(String name, Fault fault) throws Exception {
    long start = System.nanoTime();
    try {
      add(line(name, fault.run(), start));
    } catch (Exception | Error e) {
      add(line(name, "FAILED: " + String.valueOf(e.getMessage()).strip(), start));
      throw e;
    }
  }

  private static String line(String name, String result, long start) {
    long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
    return name + ": " + result + " (" + seconds + " s)";
  }

  /** Adds a line. */
  public static synchronized void add(String line) throws IOException {
    LINES.add(line);
    Files.createDirectories(FILE.getParent());
    Files.write(FILE, LINES);
    System.out.println(line);
  }
}
