package dev.headwater.benchmarks;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * So many virtual threads that do the work again and again, each waiting for its outcome.
 *
 * <p>Who waits sends nothing, so a pause would be seen by one operation of each thread and hide
 * those that it kept from being sent. They are added: a thread would send once in an average
 * latency, so an operation that took n of them counts as n that took n, n - 1, … 1. That is rather
 * too hard on ordinary variation than too soft on pauses.
 */
final class ClosedLoop {
  private static final long LONGEST = TimeUnit.MINUTES.toNanos(1);

  private ClosedLoop() {}

  /**
   * Runs for {@code length}, a little longer for those that are under way then.
   *
   * @param serverCpu CPU time that the server has used up to now, in microseconds
   * @throws IllegalStateException if the work throws
   */
  static Round run(int concurrency, Duration length, DoubleSupplier serverCpu, Runnable work)
      throws InterruptedException {
    Histogram all = new Histogram(LONGEST, 3);
    CountDownLatch ended = new CountDownLatch(concurrency);
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    double serverBefore = serverCpu.getAsDouble();
    double clientBefore = Cpu.own();
    long start = System.nanoTime();
    long end = start + length.toNanos();
    for (int i = 0; i < concurrency; i++) {
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  Histogram own = loop(end, work);
                  synchronized (all) {
                    all.add(own);
                  }
                } catch (Throwable e) {
                  failure.set(e);
                } finally {
                  ended.countDown();
                }
              });
    }
    ended.await();
    double seconds = (System.nanoTime() - start) / 1e9;
    if (failure.get() != null) {
      throw new IllegalStateException("the work failed", failure.get());
    }
    long count = all.getTotalCount();
    Histogram corrected =
        all.copyCorrectedForCoordinatedOmission((long) (concurrency * seconds * 1e9 / count));
    return new Round(
        count,
        count / seconds,
        corrected.getValueAtPercentile(50) / 1e3,
        corrected.getValueAtPercentile(99) / 1e3,
        (serverCpu.getAsDouble() - serverBefore) / count,
        (Cpu.own() - clientBefore) / count);
  }

  private static Histogram loop(long end, Runnable work) {
    Histogram nanos = new Histogram(LONGEST, 3);
    long begin = System.nanoTime();
    while (begin < end) {
      work.run();
      long now = System.nanoTime();
      nanos.recordValue(Math.min(LONGEST, now - begin));
      begin = now;
    }
    return nanos;
  }
}
