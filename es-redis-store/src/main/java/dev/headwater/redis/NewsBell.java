package dev.headwater.redis;

import dev.headwater.event.Position;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells that partitions have new entries, by blocking reads that are outside of any group. It may
 * fall silent when the server does: who waits for it looks for himself now and then. Used by one
 * thread.
 */
final class NewsBell implements AutoCloseable {
  private static final long BLOCK_MILLIS = 2_000;
  private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(2 * BLOCK_MILLIS);
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(200);

  private final Supplier<SubscriptionConnections> opener;
  private final boolean oneForAll;
  private final Runnable ring;
  private final List<NewsWait> waits = new ArrayList<>();
  private @Nullable SubscriptionConnections connections;
  private long retryAt = System.nanoTime();

  /**
   * A bell.
   *
   * @param oneForAll whether one call can wait for all partitions
   * @param ring called from any thread when {@link #rung()} is to be asked
   */
  NewsBell(Supplier<SubscriptionConnections> opener, boolean oneForAll, Runnable ring) {
    this.opener = opener;
    this.oneForAll = oneForAll;
    this.ring = ring;
  }

  /** Waits for entries behind these ids, by partition, unless it does already. */
  void listen(Map<Integer, String> behind) {
    Set<Integer> listening = new HashSet<>();
    waits.forEach(wait -> wait.cursors.forEach(cursor -> listening.add(cursor.partition())));
    List<PartitionCursor> cursors = new ArrayList<>();
    behind.forEach(
        (partition, id) -> {
          if (!listening.contains(partition)) {
            cursors.add(new PartitionCursor(new Position(partition, 0, 0, id)));
          }
        });
    if (cursors.isEmpty() || System.nanoTime() - retryAt < 0) {
      return;
    }
    try {
      if (oneForAll) {
        if (waits.isEmpty()) {
          send(cursors);
        }
      } else {
        cursors.forEach(cursor -> send(List.of(cursor)));
      }
    } catch (RuntimeException e) {
      fallSilent();
    }
  }

  private void send(List<PartitionCursor> cursors) {
    if (connections == null) {
      connections = opener.get();
    }
    NewsWait wait = new NewsWait(cursors);
    var reply = connections.newsWithoutGroup(cursors, 1, BLOCK_MILLIS);
    wait.sent(reply, System.nanoTime() + PATIENCE);
    waits.add(wait);
    var unused = reply.whenComplete((news, failure) -> ring.run());
  }

  /** Partitions that have got new entries. */
  Set<Integer> rung() {
    Set<Integer> rung = new HashSet<>();
    for (NewsWait wait : List.copyOf(waits)) {
      if (wait.isAnswered()) {
        waits.remove(wait);
        if (!take(wait, rung)) {
          fallSilent();
          return rung;
        }
      } else if (System.nanoTime() - wait.lateAt() > 0) {
        fallSilent();
        return rung;
      }
    }
    return rung;
  }

  private boolean take(NewsWait wait, Set<Integer> rung) {
    SubscriptionConnections open = connections;
    try {
      Set<String> logs = wait.take().keySet();
      for (PartitionCursor cursor : wait.cursors) {
        if (open != null && logs.contains(open.logKey(cursor.partition()))) {
          rung.add(cursor.partition());
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | RuntimeException e) {
      if (open != null) {
        open.lookAgain();
      }
      return false;
    }
  }

  private void fallSilent() {
    retryAt = System.nanoTime() + PAUSE;
    waits.clear();
    close();
  }

  @Override
  public void close() {
    SubscriptionConnections open = connections;
    connections = null;
    if (open != null) {
      open.close();
    }
  }
}
