package dev.headwater.redis.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.redis.testing.TestRedis;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** The server that faults happen to: killed and started again on its data and its port. */
final class Victim implements AutoCloseable {
  private static final AtomicInteger KILLS = new AtomicInteger();

  private final RedisServerOptions options;
  private RedisServer server;

  Victim(Fsync fsync) {
    this(RedisServerOptions.in(TestRedis.newFolder()).withBinary(TestRedis.binary()), fsync);
  }

  Victim(RedisServerOptions options, Fsync fsync) {
    server = RedisServer.start(options.withFsync(fsync));
    this.options = options.withFsync(fsync).withPort(server.port());
  }

  /** How many servers were killed by all tests of this JVM. */
  static int kills() {
    return KILLS.get();
  }

  RedisStoreOptions store() {
    return RedisStoreOptions.at(server.uri());
  }

  int port() {
    return server.port();
  }

  boolean isAlive() {
    return server.isAlive();
  }

  /** SIGKILL, and a start on what is on disk. */
  void killAndRestart() {
    if (!server.isAlive()) {
      throw new AssertionError("the server ended before it could be killed");
    }
    server.kill();
    KILLS.incrementAndGet();
    restart();
  }

  /** An orderly end, and a start on what is on disk. */
  void endAndRestart() {
    server.close();
    restart();
  }

  /** A start on what is on disk, after the server has ended by itself. */
  void restart() {
    server.close();
    server = RedisServer.start(options);
  }

  /** Says one line to the server and returns the beginning of what it answers. */
  String say(String command) {
    try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), server.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write((command + "\r\nQUIT\r\n").getBytes(US_ASCII));
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      socket.getInputStream().transferTo(answer);
      return answer.toString(US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(command, e);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
