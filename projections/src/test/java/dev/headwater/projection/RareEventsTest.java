package dev.headwater.projection;

import static dev.headwater.projection.Fixture.LONG;
import static dev.headwater.projection.Fixture.number;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.Position;
import dev.headwater.event.StreamId;
import dev.headwater.projection.Accounts.Balances;
import dev.headwater.store.PartitionBatch;
import dev.headwater.store.ReadPartitions;
import dev.headwater.store.SubscribeToPartitions;
import dev.headwater.store.Subscription;
import dev.headwater.store.SubscriptionSpec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RareEventsTest extends OnEachDatabase {
  private ProjectionRunner runner(Endless store) {
    return new ProjectionRunner(
        store, Accounts.CODEC, database, List.of(new Balances()), Fixture.QUICK);
  }

  @Nested
  class A_projection_that_passes_over_all_events_of_a_long_store {
    @Test
    void moves_its_checkpoint_all_the_same() {
      try (ProjectionRunner runner = runner(new Endless(() -> {}))) {
        runner.start();
        Fixture.await(() -> runner.status("balances").applied() > 0);
        assertThat(number(database, "SELECT sequence FROM headwater.projection_checkpoint"))
            .isPositive();
      }
    }

    @Test
    void is_closed_after_the_poll_at_hand() throws Exception {
      CountDownLatch polled = new CountDownLatch(1);
      CountDownLatch stopped = new CountDownLatch(1);
      AtomicInteger polls = new AtomicInteger();
      Endless store =
          new Endless(
              () -> {
                polls.incrementAndGet();
                polled.countDown();
                Uninterrupted.run(stopped::await);
              });
      ProjectionRunner runner = runner(store);
      runner.start();
      polled.await();
      Thread closing = Thread.ofPlatform().start(runner::close);
      Fixture.await(() -> closing.getState() == Thread.State.WAITING);
      stopped.countDown();
      assertThat(closing.join(LONG)).isTrue();
      assertThat(polls.get()).isEqualTo(1);
      assertThat(number(database, "SELECT sequence FROM headwater.projection_checkpoint"))
          .isEqualTo(Endless.STEP);
    }
  }

  /** A store of one partition that always has more, of types that nobody wants. */
  private record Endless(Runnable onPoll) implements ReadPartitions, SubscribeToPartitions {
    static final long STEP = 1_000;

    private static Position at(long sequence) {
      return new Position(0, 1, sequence, sequence + "-0");
    }

    @Override
    public int partitionCount() {
      return 1;
    }

    @Override
    public int partitionOf(StreamId stream) {
      return 0;
    }

    @Override
    public Position head(int partition) {
      return at(Long.MAX_VALUE);
    }

    @Override
    public Subscription subscribe(SubscriptionSpec spec) {
      return new Subscription() {
        private long reached = spec.from().getFirst().sequence();

        @Override
        public List<PartitionBatch> poll(Duration maxWait) {
          onPoll.run();
          reached += STEP;
          return List.of(new PartitionBatch(List.of(), at(reached)));
        }

        @Override
        public void close() {}
      };
    }
  }
}
