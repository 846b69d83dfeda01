package dev.headwater.redis.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The folder that one server owns, held by a lock for as long as the process that started the
 * server lives.
 */
final class DataFolder implements AutoCloseable {
  private static final Duration ORPHAN_SHUTDOWN = Duration.ofSeconds(20);

  private final Path path;
  private final FileChannel lock;

  private DataFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  static DataFolder claim(Path path) {
    try {
      Files.createDirectories(path);
      FileChannel channel =
          FileChannel.open(
              path.resolve("headwater.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!tryLock(channel)) {
        channel.close();
        throw new RedisStartException(
            "data folder " + path + " is in use by another process; end it or choose another",
            null);
      }
      DataFolder folder = new DataFolder(path, channel);
      folder.endOrphan();
      return folder;
    } catch (IOException e) {
      throw new RedisStartException("can't use data folder " + path + ": " + e.getMessage(), e);
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // held by this very process
    }
  }

  /** A server whose starter was killed runs on; the lock being free proves that nobody owns it. */
  private void endOrphan() throws IOException {
    Optional<ProcessHandle> orphan = orphan();
    if (orphan.isPresent()) {
      orphan.get().destroy();
      try {
        orphan.get().onExit().get(ORPHAN_SHUTDOWN.toSeconds(), TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        close();
        throw new RedisStartException(
            "an earlier Redis (process "
                + orphan.get().pid()
                + ") still runs on "
                + path
                + " and doesn't end; end it",
            e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Optional<ProcessHandle> orphan() throws IOException {
    if (!Files.exists(pidFile())) {
      return Optional.empty();
    }
    try {
      long pid = Long.parseLong(Files.readString(pidFile()).strip());
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .filter(process -> process.info().command().orElse("").contains("redis"));
    } catch (NumberFormatException e) {
      return Optional.empty(); // the server died while writing it
    }
  }

  Path path() {
    return path;
  }

  Path pidFile() {
    return path.resolve("redis.pid");
  }

  Path logFile() {
    return path.resolve("redis.log");
  }

  Path configFile() {
    return path.resolve("redis.conf");
  }

  /** The end of the server's log, for messages. */
  String lastLogLines() {
    try {
      List<String> lines = Files.readAllLines(logFile());
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
    } catch (IOException e) {
      return "(no log at " + logFile() + ")";
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
