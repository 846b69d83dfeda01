package dev.headwater.redis;

import dev.headwater.event.EventType;
import dev.headwater.store.SubscriptionSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Waits at the server for news of a subscription's partitions, and takes them over. Used by the
 * subscription's thread alone.
 */
final class NewsReader {
  /** How long one wait at the server lasts. */
  private static final long BLOCK_MILLIS = 2_000;

  /** More news of one partition than that means being behind. */
  private static final int NEWS = 256;

  private final SubscriptionSpec spec;
  private final boolean readOnly;
  private final ReadPatience patience;
  private final EventTypes types;
  private final Predicate<EventType> wanted;
  private final List<PartitionCursor> cursors;
  private final List<NewsWait> waits;
  private final Semaphore answers = new Semaphore(0);

  /**
   * One that waits for nothing yet.
   *
   * @param together whether one call can wait for all partitions
   * @param readOnly whether there is no group to wait in
   */
  NewsReader(
      SubscriptionSpec spec,
      boolean together,
      boolean readOnly,
      ReadPatience patience,
      EventTypes types,
      Predicate<EventType> wanted,
      List<PartitionCursor> cursors) {
    this.spec = spec;
    this.readOnly = readOnly;
    this.patience = patience;
    this.types = types;
    this.wanted = wanted;
    this.cursors = cursors;
    this.waits =
        together
            ? List.of(new NewsWait(cursors))
            : cursors.stream().map(cursor -> new NewsWait(List.of(cursor))).toList();
  }

  /**
   * What was taken over.
   *
   * @param isAll false if something was missing before it, or there may be more of it
   * @param fruitless partitions for which a wait was over that brought nothing
   */
  record News(boolean isAll, List<PartitionCursor> fruitless) {}

  /** Waits until something comes, or a wait is over; null if the time is over before. */
  @Nullable News read(SubscriptionConnections open, long deadline)
      throws InterruptedException, ExecutionException {
    long lateAt = wait(open);
    List<NewsWait> answered = answered(Math.min(deadline, lateAt));
    if (answered.isEmpty()) {
      patience.requireTimeLeft(lateAt, "a blocking read");
      return null;
    }
    Map<String, List<LogEntry>> arrived = new HashMap<>();
    List<PartitionCursor> fruitless = new ArrayList<>();
    for (NewsWait wait : answered) {
      try {
        Map<String, List<LogEntry>> news = wait.take();
        arrived.putAll(news);
        if (news.isEmpty()) {
          fruitless.addAll(wait.cursors);
        }
      } catch (ExecutionException e) {
        open.waitFailed(wait.cursors.getFirst().partition(), e);
        throw e;
      }
    }
    return new News(take(open, arrived), fruitless);
  }

  /**
   * Sends the waits that are not under way.
   *
   * @return when the first must have been answered
   */
  private long wait(SubscriptionConnections open) {
    long now = System.nanoTime();
    long longest = patience.nanos() + TimeUnit.MILLISECONDS.toNanos(BLOCK_MILLIS);
    long first = now + longest;
    for (NewsWait wait : waits) {
      if (!wait.isUnderWay()) {
        CompletableFuture<Map<String, List<LogEntry>>> reply =
            readOnly
                ? open.newsWithoutGroup(wait.cursors, NEWS, BLOCK_MILLIS)
                : open.news(spec.group(), spec.consumer(), wait.cursors, NEWS, BLOCK_MILLIS);
        wait.sent(reply, now + longest);
        var unused = reply.whenComplete((news, failure) -> answers.release());
      }
      first = Math.min(first, wait.lateAt());
    }
    return first;
  }

  /** Those that are answered; waits for one if there is none. */
  private List<NewsWait> answered(long deadline) throws InterruptedException {
    while (true) {
      answers.drainPermits(); // before looking: what is answered after that is a permit again
      List<NewsWait> answered = waits.stream().filter(NewsWait::isAnswered).toList();
      long left = deadline - System.nanoTime();
      if (!answered.isEmpty() || left <= 0 || !answers.tryAcquire(left, TimeUnit.NANOSECONDS)) {
        return answered;
      }
    }
  }

  /** Whether the news followed on what was there, and were not too many. */
  private boolean take(SubscriptionConnections open, Map<String, List<LogEntry>> arrived)
      throws InterruptedException, ExecutionException {
    List<PartitionCursor> fetching = new ArrayList<>();
    List<CompletableFuture<EventFetch>> fetches = new ArrayList<>();
    boolean few = true;
    for (PartitionCursor cursor : cursors) {
      List<LogEntry> entries = arrived.get(open.logKey(cursor.partition()));
      if (entries != null) {
        fetching.add(cursor);
        fetches.add(EventFetch.plan(entries, types, wanted).send(open, cursor.partition()));
        few &= entries.size() < NEWS;
      }
    }
    boolean complete = true;
    for (int i = 0; i < fetching.size(); i++) {
      PartitionCursor cursor = fetching.get(i);
      complete &= cursor.take(patience.await(fetches.get(i)).deliveries(wanted));
      cursor.groupIsAt(cursor.fetchedId());
    }
    return complete && few;
  }

  /** Whatever is under way is of no interest any more. */
  void forget() {
    waits.forEach(NewsWait::forget);
  }
}
