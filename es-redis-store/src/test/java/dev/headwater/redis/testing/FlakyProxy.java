package dev.headwater.redis.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a client and Redis and loses what it is told to: replies to commands that were
 * executed, or everything.
 */
public final class FlakyProxy implements Closeable {
  private final ServerSocket server;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger repliesToLose = new AtomicInteger();
  private final AtomicInteger repliesLost = new AtomicInteger();
  private volatile boolean mute;
  private volatile boolean refusing;
  private volatile Link link = Link.FAST;
  private volatile CountDownLatch held = new CountDownLatch(0);

  /** How long a piece of data is under way, and how fast its bytes follow each other. */
  private record Link(Duration delay, long bytesPerSecond) {
    static final Link FAST = new Link(Duration.ZERO, Long.MAX_VALUE);

    void pass(int bytes) throws InterruptedException {
      if (this != FAST) {
        Thread.sleep(delay.plusNanos(bytes * 1_000_000_000L / bytesPerSecond));
      }
    }
  }

  /** In front of a server on this machine. */
  public FlakyProxy(int target) {
    this.target = target;
    try {
      server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** What a client connects to. */
  public String uri() {
    return "redis://127.0.0.1:" + server.getLocalPort();
  }

  /** Loses the next so many replies: Redis has answered, the connection ends instead. */
  public void loseReplies(int count) {
    repliesToLose.set(count);
  }

  /** How many replies were lost. */
  public int repliesLost() {
    return repliesLost.get();
  }

  /** Whether replies are kept back while connections stay open, as by a network that is gone. */
  public void mute(boolean muted) {
    mute = muted;
  }

  /** Whether new connections are ended at once, as by a server that is down. */
  public void refuse(boolean refused) {
    refusing = refused;
  }

  /** Keeps back what goes in either direction, and delivers it when it is no longer held. */
  public void hold(boolean hold) {
    CountDownLatch before = held;
    held = new CountDownLatch(hold ? 1 : 0);
    before.countDown();
  }

  /** Makes both directions slow: each piece of data is delayed, and holds up what is behind it. */
  public void slow(Duration delay, long bytesPerSecond) {
    link = bytesPerSecond == Long.MAX_VALUE ? Link.FAST : new Link(delay, bytesPerSecond);
  }

  /** Ends all connections. */
  public void disconnectAll() {
    sockets.forEach(FlakyProxy::closeQuietly);
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        if (refusing) {
          closeQuietly(client);
          continue;
        }
        Thread.ofVirtual().start(() -> connect(client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void connect(Socket client) {
    try {
      Socket redis = new Socket(InetAddress.getByName("127.0.0.1"), target);
      sockets.add(client);
      sockets.add(redis);
      Thread.ofVirtual().start(() -> pump(client, redis, false));
      pump(redis, client, true);
    } catch (IOException e) {
      closeQuietly(client);
    }
  }

  private void pump(Socket from, Socket to, boolean replies) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (replies && mute) {
          continue;
        }
        if (replies && repliesToLose.getAndUpdate(count -> Math.max(0, count - 1)) > 0) {
          repliesLost.incrementAndGet();
          break;
        }
        held.await();
        link.pass(n);
        out.write(buffer, 0, n);
        out.flush();
      }
    } catch (IOException | InterruptedException e) {
      // the other side is gone
    } finally {
      closeQuietly(from);
      closeQuietly(to);
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // gone already
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    disconnectAll();
    hold(false);
  }
}
