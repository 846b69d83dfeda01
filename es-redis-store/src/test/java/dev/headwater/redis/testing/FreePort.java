package dev.headwater.redis.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;

/** Ports of this machine that nobody listens on. */
final class FreePort {
  private static final int BUS_OFFSET = 10_000;
  private static final Set<Integer> GIVEN = new HashSet<>();

  private FreePort() {}

  static int any() {
    return find(0);
  }

  /** One for a node of a cluster, whose bus listens ten thousand further up. */
  static int withBus() {
    return find(BUS_OFFSET);
  }

  private static synchronized int find(int offset) {
    while (true) {
      try (ServerSocket socket = listen(0)) {
        int port = socket.getLocalPort();
        if (offset == 0 || isFree(port + offset)) {
          if (GIVEN.add(port)) {
            return port;
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static boolean isFree(int port) {
    if (port > 65_535) {
      return false;
    }
    try (ServerSocket socket = listen(port)) {
      return GIVEN.add(socket.getLocalPort());
    } catch (IOException e) {
      return false;
    }
  }

  private static ServerSocket listen(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"));
  }
}
