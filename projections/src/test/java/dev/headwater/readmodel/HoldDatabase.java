package dev.headwater.readmodel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process of its own that opens a database and keeps it open until its input ends. */
public final class HoldDatabase {
  private HoldDatabase() {}

  /** Arguments: the file, and {@code shared} if others may open it. */
  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[0]);
    boolean shared = args.length > 1;
    try (var database =
        shared ? ReadModelDatabase.h2FileShared(file) : ReadModelDatabase.h2File(file)) {
      System.out.println(database.isRunning() ? "open" : "closed");
      System.in.read();
    }
  }

  static Process start(Path file, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=off");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(HoldDatabase.class.getName(), file.toString()));
    command.addAll(List.of(options));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String line = process.inputReader().readLine();
    if (!"open".equals(line)) {
      throw new IllegalStateException("the other process did not open the database: " + line);
    }
    return process;
  }
}
