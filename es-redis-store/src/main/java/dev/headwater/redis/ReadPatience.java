package dev.headwater.redis;

import dev.headwater.store.StoreUnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Waits for what a server answers, for as long as a read may take. Thread-safe. */
final class ReadPatience {
  private final RedisStoreOptions options;

  ReadPatience(RedisStoreOptions options) {
    this.options = options;
  }

  /** How long that is. */
  long nanos() {
    return options.readTimeout().toNanos();
  }

  /**
   * The answer.
   *
   * @throws StoreUnavailableException if it does not come
   */
  <T> T await(CompletableFuture<T> reply) throws InterruptedException, ExecutionException {
    T answer = awaitUntil(reply, System.nanoTime() + nanos());
    if (answer == null) {
      throw new StoreUnavailableException(
          options + " did not answer within " + options.readTimeout().toMillis() + " ms", null);
    }
    return answer;
  }

  /** The answer; null if it does not come until then, as {@link System#nanoTime} counts. */
  static <T> @Nullable T awaitUntil(@Nullable CompletableFuture<T> reply, long deadline)
      throws InterruptedException, ExecutionException {
    if (reply == null) {
      return null;
    }
    try {
      return reply.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return null;
    }
  }

  /**
   * Checks that an answer may still come.
   *
   * @param lateAt when it must have come
   * @throws StoreUnavailableException if that is over
   */
  void requireTimeLeft(long lateAt, String what) {
    if (System.nanoTime() >= lateAt) {
      throw new StoreUnavailableException(options + " did not answer " + what, null);
    }
  }
}
