package dev.headwater.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a fault test of this module comes to, a line each, for a person. */
public final class FaultSummary {
  private final String title;
  private final Path file;
  private final List<String> lines = new ArrayList<>();

  /**
   * A summary without lines.
   *
   * @param file its name in {@code target}
   */
  public FaultSummary(String title, String file) {
    this.title = title;
    this.file = Path.of("target", file);
  }

  /** A fault that ends with a result or fails. */
  @FunctionalInterface
  public interface Fault {
    /** What came of it, in words. */
    String run() throws Exception;
  }

  /** Runs it and writes its line, whatever comes of it. */
  public void report(String name, Fault fault) throws Exception {
    long start = System.nanoTime();
    try {
      add(name, fault.run(), start);
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

  /** Prints all lines and a last one, and leaves them in the file. */
  public void end(String all) throws IOException {
    lines.add("in all: " + all);
    Files.createDirectories(file.getParent());
    Files.write(file, lines);
    System.out.println("\n" + title + "\n  " + String.join("\n  ", lines) + "\n");
  }
}
