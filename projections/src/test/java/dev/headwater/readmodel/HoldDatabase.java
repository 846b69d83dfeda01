package dev.headwater.readmodel;

import java.nio.file.Path;

/** A process of its own that opens a database and keeps it open until its input ends. */
public final class HoldDatabase {
  private HoldDatabase() {}

  /** Argument: the file. */
  public static void main(String[] args) throws Exception {
    try (var database = ReadModelDatabase.h2File(Path.of(args[0]))) {
      System.out.println(database.isRunning() ? "open" : "closed");
      System.in.read();
    }
  }

  static Process start(Path file) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                "-cp",
                System.getProperty("java.class.path"),
                HoldDatabase.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String line = process.inputReader().readLine();
    if (!"open".equals(line)) {
      throw new IllegalStateException("the other process did not open the database: " + line);
    }
    return process;
  }
}
