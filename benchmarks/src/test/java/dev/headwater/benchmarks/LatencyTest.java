package dev.headwater.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LatencyTest {
  private static void pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  @Nested
  class A_closed_loop {
    @Test
    void tells_latencies_in_microseconds() throws InterruptedException {
      Round round =
          ClosedLoop.run(2, Duration.ofMillis(100), () -> 0, () -> pause(Duration.ofMillis(5)));
      assertThat(round.p50Micros()).isBetween(5_000.0, 50_000.0);
      assertThat(round.count()).isBetween(2L, 42L);
    }

    @Test
    void adds_the_operations_that_a_pause_kept_from_being_sent() throws InterruptedException {
      AtomicInteger done = new AtomicInteger();
      Round round =
          ClosedLoop.run(
              1,
              Duration.ofMillis(800),
              () -> 0,
              () -> pause(Duration.ofMillis(done.incrementAndGet() == 50 ? 300 : 1)));
      assertThat(round.count()).isGreaterThan(100); // so the pause is less than 1 of 100
      assertThat(round.p99Micros()).isGreaterThan(100_000);
    }

    @Test
    void fails_when_the_work_fails() {
      assertThatThrownBy(
              () ->
                  ClosedLoop.run(
                      2,
                      Duration.ofMillis(10),
                      () -> 0,
                      () -> {
                        throw new IllegalArgumentException("out of order");
                      }))
          .hasMessage("the work failed")
          .hasRootCauseMessage("out of order");
    }
  }
}
