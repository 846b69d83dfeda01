package dev.headwater.effect;

import static dev.headwater.effect.Orders.await;
import static dev.headwater.effect.Orders.stream;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.effect.DeadLetters.Retried;
import dev.headwater.effect.Orders.Mails;
import dev.headwater.effect.Orders.Placed;
import dev.headwater.event.SequencedEvent;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.store.ReadStream.Direction;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
  private final InMemoryEventStore store = new InMemoryEventStore(1);
  private final HikariDataSource database = EffectSite.IN_MEMORY.openDatabase();

  @AfterEach
  void end() {
    database.close();
  }

  /** Takes until it is let go. */
  private static final class Slow extends Mails {
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch go = new CountDownLatch(1);

    Slow() {
      super(StartAt.beginning());
    }

    @Override
    void send(Placed event) throws InterruptedException {
      entered.countDown();
      go.await(20, TimeUnit.SECONDS);
    }
  }

  @Nested
  class A_letter_that_one_operator_tries {
    @Test
    void is_not_tried_by_another_one_meanwhile() throws Exception {
      Orders.place(store, "a", 1, 1);
      Slow mails = new Slow();
      new DeadLetterTable(mails.name(), database)
          .add(
              0,
              new SequencedEvent(1, store.read(stream("a"), 1, Direction.FORWARD, 1).getFirst()),
              1,
              "no mailbox",
              Instant.EPOCH);
      DeadLetters letters = new DeadLetters(mails, store, Orders.CODEC, database);
      CompletableFuture<Retried> first =
          CompletableFuture.supplyAsync(
              () -> letters.retry(stream("a"), "anna"), Thread.ofPlatform()::start);
      await("entered", () -> mails.entered.getCount() == 0);
      CompletableFuture<Retried> second =
          CompletableFuture.supplyAsync(
              () -> letters.retry(stream("a"), "bert"), Thread.ofPlatform()::start);
      await("the second one", () -> second.isDone() || mails.ids.size() == 2);
      mails.go.countDown();
      assertThat(second.get())
          .isInstanceOfSatisfying(
              Retried.UnderWay.class, other -> assertThat(other.events()).isZero());
      assertThat(first.get()).isEqualTo(new Retried.Done(1));
      assertThat(mails.sent).containsExactly("a:1");
    }
  }
}
