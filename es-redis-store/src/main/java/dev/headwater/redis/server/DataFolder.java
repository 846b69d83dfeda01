package dev.headwater.redis.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
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

  /** Systems tell starts in seconds since a boot that they tell in seconds. */
  private static final Duration CLOCK_ERROR = Duration.ofSeconds(2);

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
      try {
        folder.endOrphan();
        return folder;
      } catch (IOException | RuntimeException e) {
        folder.close();
        throw e;
      }
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
    if (orphan.isEmpty()) {
      return;
    }
    orphan.get().destroy();
    try {
      orphan.get().onExit().get(ORPHAN_SHUTDOWN.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw stillRuns(orphan.get(), "doesn't end; end it", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw stillRuns(orphan.get(), "the wait for its end was interrupted; start again", e);
    }
  }

  private RedisStartException stillRuns(ProcessHandle orphan, String advice, Exception cause) {
    return new RedisStartException(
        "an earlier Redis (process " + orphan.pid() + ") still runs on " + path + " and " + advice,
        cause);
  }

  /**
   * The earlier server of this folder, if it lives. An id alone proves nothing: after a restart of
   * the machine or the container it may be that of another process, and of another Redis too.
   */
  private Optional<ProcessHandle> orphan() throws IOException {
    Optional<ProcessHandle> started = process(startedFile()).filter(this::isTheOneStarted);
    return started.isPresent() ? started : process(pidFile()).filter(this::isRedisInside);
  }

  /** The living process whose id a file begins with. */
  private static Optional<ProcessHandle> process(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      long pid = Long.parseLong(Files.readString(file).strip().split(" ", 2)[0]);
      return ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
    } catch (NumberFormatException e) {
      return Optional.empty(); // its writer died while writing it
    }
  }

  private boolean isTheOneStarted(ProcessHandle process) {
    try {
      String[] words = Files.readString(startedFile()).strip().split(" ", 2);
      Instant then = Instant.parse(words[1]);
      return process
          .info()
          .startInstant()
          .filter(start -> Duration.between(start, then).abs().compareTo(CLOCK_ERROR) <= 0)
          .isPresent();
    } catch (IOException | DateTimeParseException | ArrayIndexOutOfBoundsException e) {
      return false;
    }
  }

  /** Where the system tells: its starter may have been killed before it noted the start. */
  private boolean isRedisInside(ProcessHandle process) {
    try {
      return process.info().command().orElse("").contains("redis")
          && Files.isSameFile(Path.of("/proc", String.valueOf(process.pid()), "cwd"), path);
    } catch (IOException e) {
      return false;
    }
  }

  /** Notes which process was started here, for the next start. */
  void started(ProcessHandle process) throws IOException {
    Optional<Instant> start = process.info().startInstant();
    if (start.isPresent()) {
      Files.writeString(startedFile(), process.pid() + " " + start.get());
    }
  }

  Path startedFile() {
    return path.resolve("headwater.started");
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
