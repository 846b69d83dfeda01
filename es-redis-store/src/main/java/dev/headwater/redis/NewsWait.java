package dev.headwater.redis;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One blocking read that waits for news: of all partitions of a subscription on a single server, of
 * one partition on a cluster, where a call can't ask for keys of several slots.
 */
final class NewsWait {
  final List<PartitionCursor> cursors;
  private @Nullable CompletableFuture<Map<String, List<LogEntry>>> reply;
  private long lateAt;

  NewsWait(List<PartitionCursor> cursors) {
    this.cursors = cursors;
  }

  boolean isUnderWay() {
    return reply != null;
  }

  /**
   * Notes a read that was sent.
   *
   * @param last when it must have been answered, as {@link System#nanoTime()} counts
   */
  void sent(CompletableFuture<Map<String, List<LogEntry>>> sent, long last) {
    reply = sent;
    lateAt = last;
  }

  long lateAt() {
    return lateAt;
  }

  boolean isAnswered() {
    return reply != null && reply.isDone();
  }

  /** New entries by the log's key, empty if nothing came while the server waited. */
  Map<String, List<LogEntry>> take() throws InterruptedException, ExecutionException {
    CompletableFuture<Map<String, List<LogEntry>>> answered = reply;
    reply = null;
    return answered == null ? Map.of() : answered.get();
  }

  void forget() {
    reply = null;
  }
}
