package dev.headwater.projection;

import static dev.headwater.projection.Accounts.deposited;
import static dev.headwater.projection.Fixture.assertCaughtUp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.Position;
import dev.headwater.event.StreamId;
import dev.headwater.readmodel.DatabaseTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DatabaseTest
class ParkingRaceTest extends ParkingFixture {
  private static final StreamId A = account("a");

  private void append(String account, long amount) {
    Accounts.append(fixture.store, account, deposited(account, amount));
  }

  @Nested
  class While_the_projection_runs_a_retry {
    @Test
    void neither_loses_nor_overtakes_nor_repeats_an_event() throws Exception {
      int events = 3_000;
      LongStream.rangeClosed(1, events / 30).forEach(i -> poison.at("a", i * 30));
      ParkedAggregates parked = parked(poison);
      int retries = 0;
      try (ProjectionRunner runner = fixture.runner(database, poison)) {
        runner.start();
        Thread writer =
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (int i = 0; i < events; i++) {
                        append("a", i);
                        append("b", i);
                      }
                    });
        while (writer.isAlive()
            || !runner.awaitCaughtUp(Duration.ofMillis(1)).equals(new Awaited.Reached())
            || !parked.list().isEmpty()) {
          for (ParkedAggregate aggregate : parked.list()) {
            poison.heal("a", aggregate.failedVersion());
            parked.retry("balances", A, "race");
            retries++;
          }
        }
        writer.join();
        assertCaughtUp(runner);
        while (!parked.list().isEmpty()) {
          poison.mend();
          parked.retry("balances", A, "race");
        }
      }
      List<Long> all = LongStream.rangeClosed(1, events).boxed().toList();
      assertThat(versionsOf("a")).isEqualTo(all);
      assertThat(versionsOf("b")).isEqualTo(all);
      assertThat(Fixture.balances(database)).isEqualTo(Fixture.ledger(database));
      assertThat(retries).isGreaterThan(10);
    }

    @Test
    void makes_events_wait_that_arrive_meanwhile() throws Exception {
      CountDownLatch retrying = new CountDownLatch(1);
      CountDownLatch proceed = new CountDownLatch(1);
      poison.at("a", 1);
      Poison held =
          new Poison()
              .before(
                  recorded -> {
                    if (recorded.version() == 2) {
                      retrying.countDown();
                      Uninterrupted.run(proceed::await);
                    }
                  });
      append("a", 1);
      append("a", 2);
      try (ProjectionRunner runner = fixture.runner(database, poison)) {
        runner.start();
        assertCaughtUp(runner);
        Thread retry = Thread.ofPlatform().start(() -> parked(held).retry("balances", A, "race"));
        retrying.await();
        Position third = Accounts.append(fixture.store, "a", deposited("a", 3));
        assertThat(runner.await(third, "balances", Duration.ofMillis(100)))
            .isInstanceOf(Awaited.TimedOut.class);
        proceed.countDown();
        retry.join();
        assertCaughtUp(runner);
        assertThat(versionsOf("a")).containsExactly(1L, 2L, 3L);
        Fixture.await(() -> runner.status("balances").parked().aggregates() == 0);
      }
    }

    @Test
    void of_two_operators_applies_once() throws Exception {
      poison.at("a", 1);
      append("a", 1);
      try (ProjectionRunner runner = fixture.runner(database, poison)) {
        runner.start();
        assertCaughtUp(runner);
      }
      poison.mend();
      ParkedAggregates parked = parked(poison);
      List<Retried> outcomes = java.util.Collections.synchronizedList(new ArrayList<>());
      List<Thread> operators = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        operators.add(
            Thread.ofPlatform().start(() -> outcomes.add(parked.retry("balances", A, "race"))));
      }
      for (Thread operator : operators) {
        operator.join();
      }
      assertThat(outcomes)
          .containsExactlyInAnyOrder(
              new Retried.Applied(1),
              new Retried.NotParked(),
              new Retried.NotParked(),
              new Retried.NotParked());
      assertThat(versionsOf("a")).containsExactly(1L);
    }
  }
}
