package dev.headwater.redis.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Deletes folders when the JVM ends, after the servers in them were told to end. */
final class FolderCleanup {
  private static final Queue<Path> FOLDERS = new ConcurrentLinkedQueue<>();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(FolderCleanup::deleteAll));
  }

  private FolderCleanup() {}

  static void atExit(Path folder) {
    FOLDERS.add(folder);
  }

  private static void deleteAll() {
    // Shutdown hooks run at once: a server still writes here while it ends.
    for (int i = 0; i < 50 && !FOLDERS.isEmpty(); i++) {
      FOLDERS.removeIf(FolderCleanup::delete);
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static boolean delete(Path folder) {
    if (isInUse(folder)) {
      return false;
    }
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
      return true;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  /** A server that was killed leaves its file behind. */
  private static boolean isInUse(Path folder) {
    try {
      long pid = Long.parseLong(Files.readString(folder.resolve("redis.pid")).strip());
      return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    } catch (IOException | NumberFormatException e) {
      return false;
    }
  }
}
