package dev.headwater.redis.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** Waits until a started server answers, in the plain protocol so that no client is needed. */
final class ReadyCheck {
  private static final int SOCKET_MILLIS = 1_000;

  private final Process process;
  private final int port;
  private final DataFolder folder;

  ReadyCheck(Process process, int port, DataFolder folder) {
    this.process = process;
    this.port = port;
    this.folder = folder;
  }

  void await(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    String answer = "";
    while (System.nanoTime() < deadline) {
      if (!process.isAlive()) {
        throw failure("ended at start (exit code " + process.exitValue() + ")");
      }
      answer = ask();
      // Without the password it can't be asked more, but it has started.
      if (answer.startsWith("+PONG") || answer.startsWith("-NOAUTH")) {
        return;
      }
      pause();
    }
    throw failure("didn't answer within " + timeout + " (last answer: '" + answer.strip() + "')");
  }

  private RedisStartException failure(String what) {
    return new RedisStartException(
        "Redis in " + folder.path() + " " + what + "; its log ends:\n" + folder.lastLogLines(),
        null);
  }

  private String ask() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(RedisServer.address(), port), SOCKET_MILLIS);
      socket.setSoTimeout(SOCKET_MILLIS);
      socket.getOutputStream().write("PING\r\n".getBytes(US_ASCII));
      byte[] answer = new byte[100];
      int length = socket.getInputStream().read(answer);
      return new String(answer, 0, Math.max(0, length), US_ASCII);
    } catch (IOException e) {
      return "";
    }
  }

  private static void pause() {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisStartException("interrupted while Redis starts", e);
    }
  }
}
