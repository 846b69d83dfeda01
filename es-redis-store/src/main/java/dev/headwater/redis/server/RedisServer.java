package dev.headwater.redis.server;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A Redis server that this process started and ends: with append-only file, without eviction, on
 * 127.0.0.1 only, configured as an event store wants it.
 *
 * <p>Thread-safe. It ends with {@link #close()} or with this process; a server that outlives a
 * killed process is ended by the next start on its folder.
 */
public final class RedisServer implements AutoCloseable {
  private static final int SHUTDOWN_SECONDS = 20;

  private final Process process;
  private final int port;
  private final DataFolder folder;
  private final Thread hook;

  private RedisServer(Process process, int port, DataFolder folder) {
    this.process = process;
    this.port = port;
    this.folder = folder;
    // By its id and not by a shutdown command: works whatever the server is busy with.
    this.hook = new Thread(() -> end(process), "end-redis-" + process.pid());
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Starts a server and waits until it has loaded its data and answers.
   *
   * @throws RedisStartException if the folder or the port is in use, the program can't be run, or
   *     the server ends or doesn't answer in time; the message ends with the last lines of its log
   */
  public static RedisServer start(RedisServerOptions options) {
    DataFolder folder = DataFolder.claim(options.dataFolder());
    try {
      int port = options.port() == 0 ? freePort() : requireFree(options.port());
      RedisServer server = new RedisServer(launch(options, port, folder), port, folder);
      try {
        folder.started(server.process.toHandle());
        new ReadyCheck(server.process, port, folder).await(options.startTimeout());
        return server;
      } catch (IOException | RuntimeException e) {
        server.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      release(folder);
      if (e instanceof RedisStartException failure) {
        throw failure;
      }
      throw new RedisStartException("can't start " + options.binary() + ": " + e.getMessage(), e);
    }
  }

  private static Process launch(RedisServerOptions options, int port, DataFolder folder)
      throws IOException {
    writeConfig(options, port, folder);
    File log = folder.logFile().toFile();
    return new ProcessBuilder(
            options.binary().toAbsolutePath().toString(),
            folder.configFile().toAbsolutePath().toString())
        .directory(folder.path().toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
        .start();
  }

  private static void writeConfig(RedisServerOptions options, int port, DataFolder folder)
      throws IOException {
    Map<String, String> config = new LinkedHashMap<>();
    config.put("bind", "127.0.0.1");
    config.put("port", String.valueOf(port));
    config.put("dir", quoted(folder.path()));
    config.put("pidfile", quoted(folder.pidFile()));
    config.put("appendonly", "yes");
    config.put("appendfsync", options.fsync().name().toLowerCase(java.util.Locale.ROOT));
    config.put("save", "\"\"");
    config.put("maxmemory-policy", "noeviction");
    // Best for aggregates from about 5 events of 300 bytes; the default of 4096 costs them twice
    // that.
    config.put("stream-node-max-bytes", "2048");
    config.putAll(options.settings());
    String text =
        config.entrySet().stream()
            .map(line -> line.getKey() + " " + line.getValue() + "\n")
            .collect(Collectors.joining());
    Path file = folder.configFile();
    Files.deleteIfExists(file);
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      // A setting may be a password.
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(file, text, StandardCharsets.UTF_8);
  }

  private static String quoted(Path path) {
    return '"' + path.toAbsolutePath().toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** Not the loopback address of Java, which may be IPv6's. */
  static InetAddress address() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, address())) {
      return socket.getLocalPort();
    }
  }

  private static int requireFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true); // a port that is merely cooling down is free
      socket.bind(new InetSocketAddress(address(), port));
      return port;
    } catch (IOException e) {
      throw new RedisStartException(
          "port " + port + " is in use by another process; end it or choose another port", e);
    }
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** Its address, as {@code redis://127.0.0.1:<port>}. */
  public String uri() {
    return "redis://127.0.0.1:" + port;
  }

  /** Id of its process. */
  public long pid() {
    return process.pid();
  }

  /** Whether its process lives. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it at once, as a crash would (SIGKILL), and waits until it is gone. */
  public void kill() {
    process.destroyForcibly();
    await(process, SHUTDOWN_SECONDS);
    close();
  }

  /** Ends it orderly and waits until it is gone. Closing twice does nothing. */
  @Override
  public void close() {
    end(process);
    release(folder);
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // shutting down: the hook runs and finds nothing to do
    }
  }

  private static void end(Process process) {
    for (int i = 0; i < SHUTDOWN_SECONDS; i++) {
      process.destroy(); // refused while it writes its first append-only file: so ask again
      if (await(process, 1)) {
        return;
      }
    }
    process.destroyForcibly();
    await(process, SHUTDOWN_SECONDS);
  }

  private static boolean await(Process process, int seconds) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          interrupted = true; // the process must not outlive us: wait on
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void release(DataFolder folder) {
    try {
      folder.close();
    } catch (IOException e) {
      // the lock ends with this process at the latest
    }
  }
}
