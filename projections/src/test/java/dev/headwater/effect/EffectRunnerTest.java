package dev.headwater.effect;

import static dev.headwater.effect.Orders.await;
import static dev.headwater.effect.Orders.place;
import static dev.headwater.effect.Orders.runner;
import static dev.headwater.effect.Orders.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.effect.DeadLetters.Retried;
import dev.headwater.effect.Orders.Mails;
import dev.headwater.effect.Orders.Noted;
import dev.headwater.effect.Orders.OrderEvent;
import dev.headwater.effect.Orders.Placed;
import dev.headwater.event.Position;
import dev.headwater.redis.testing.TwoUsersStore;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

@EffectTest
class EffectRunnerTest {
  @Parameter private EffectSite site;
  private TwoUsersStore<?, ?> store;
  private HikariDataSource database;

  @BeforeEach
  void open() {
    store = site.openStore();
    database = site.openDatabase();
  }

  @AfterEach
  void end() {
    database.close();
    store.close();
  }

  private static List<String> mails(String order, int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(n -> order + ":" + n).toList();
  }

  /** Refuses one mail of an order until it is mended. */
  private static final class Failing extends Mails {
    volatile boolean mended;
    final AtomicInteger attempts = new AtomicInteger();
    private final Placed at;

    Failing(Placed at) {
      super(StartAt.beginning());
      this.at = at;
    }

    @Override
    void send(Placed event) {
      if (event.equals(at) && !mended) {
        attempts.incrementAndGet();
        throw new IllegalStateException("mailbox full");
      }
    }
  }

  @Nested
  class An_effect_that_is_new {
    @Test
    void begins_at_the_end_if_it_says_so_and_goes_on_where_it_was() {
      place(store, "a", 1, 3);
      Mails mails = new Mails(StartAt.end());
      try (EffectRunner running = runner(store, database, mails)) {
        await("started", () -> running.status().getFirst().state() == EffectStatus.State.RUNNING);
        place(store, "a", 4, 5);
        await("mails", () -> mails.sent.size() == 2);
      }
      place(store, "a", 6, 6);

      Mails again = new Mails(StartAt.beginning());
      try (EffectRunner running = runner(store, database, again)) {
        await("mails", () -> again.sent.size() == 1);
        assertThat(running.status()).hasSize(1);
      }
      assertThat(mails.sent).isEqualTo(mails("a", 4, 5));
      assertThat(again.sent).isEqualTo(mails("a", 6, 6));
    }

    @Test
    void begins_at_positions_or_at_the_very_first_event_if_it_says_so() {
      place(store, "a", 1, 2);
      List<Position> here =
          IntStream.range(0, store.partitionCount()).mapToObj(store::head).toList();
      place(store, "a", 3, 4);
      Mails behind = new Mails(StartAt.positions(here));
      try (EffectRunner running = runner(store, database, behind)) {
        await("mails", () -> behind.sent.size() == 2);
        assertThat(running.status().getFirst().lastError()).isNull();
      }
      assertThat(behind.sent).isEqualTo(mails("a", 3, 4));
    }
  }

  @Nested
  class Instances_that_begin_at_the_same_moment {
    @Test
    void agree_on_where() throws Exception {
      List<Position> starts =
          IntStream.range(0, store.partitionCount()).mapToObj(store::head).toList();
      place(store, "a", 1, 3);
      List<Position> heads =
          IntStream.range(0, store.partitionCount()).mapToObj(store::head).toList();
      EffectPlaces places = new EffectPlaces("mails", database);
      FutureTask<List<Position>> later =
          new FutureTask<>(() -> places.loadOrBegin(StartAt.end(), heads));
      try (Connection first = database.getConnection()) {
        first.setAutoCommit(false);
        for (Position start : starts) {
          first
              .createStatement()
              .executeUpdate(
                  "INSERT INTO headwater.effect_place (effect, partition_no, epoch, sequence,"
                      + " log_id, updated_at) VALUES ('mails', %d, %d, %d, '%s', CURRENT_TIMESTAMP)"
                          .formatted(
                              start.partition(), start.epoch(), start.sequence(), start.logId()));
        }
        Thread thread = Thread.ofPlatform().start(later);
        await("the other one waits", () -> thread.getState() != Thread.State.NEW);
        LockSupport.parkNanos(50_000_000); // it may also come when the first is done
        first.commit();
      }
      assertThat(later.get(20, TimeUnit.SECONDS)).isEqualTo(starts);
    }
  }

  @Nested
  class Each_event {
    @Test
    void has_its_effect_once_in_the_order_of_its_stream_whoever_shares_the_work() {
      Mails mails = new Mails(StartAt.beginning());
      try (EffectRunner one = runner(store, database, mails);
          EffectRunner two = runner(store, database, mails)) {
        for (int number = 1; number <= 20; number++) {
          for (int order = 0; order < 10; order++) {
            place(store, "o" + order, number, number);
          }
        }
        await("mails", () -> mails.sent.size() >= 200);
        assertThat(one.status()).hasSameSizeAs(two.status());
      }
      for (int order = 0; order < 10; order++) {
        assertThat(mails.sentOf("o" + order)).isEqualTo(mails("o" + order, 1, 20));
      }
    }

    @Test
    void comes_with_an_id_that_is_the_same_at_every_attempt() {
      Orders.append(store, "a", new Noted("a"), new Placed("a", 1));
      Failing mails = new Failing(new Placed("a", 1));
      try (EffectRunner running = runner(store, database, mails)) {
        await("attempts", () -> mails.attempts.get() >= 2);
        mails.mended = true;
        assertThat(running.status()).hasSize(1);
      }
      assertThat(mails.ids).hasSizeGreaterThanOrEqualTo(2);
      assertThat(mails.ids).containsOnly(new EffectId("mails", stream("a"), 2, 0));
    }
  }

  @Nested
  class An_effect_that_fails {
    @Test
    void is_tried_again_while_later_ones_of_its_stream_wait_and_others_flow() {
      place(store, "a", 1, 3);
      place(store, "b", 1, 3);
      Failing mails = new Failing(new Placed("a", 2));
      EffectSettings patient =
          Orders.QUICK.withAttempts(
              1_000, java.time.Duration.ofMillis(5), java.time.Duration.ofMillis(10));
      try (EffectRunner running = runner(store, database, mails, patient)) {
        await("others", () -> mails.sentOf("b").size() == 3 && mails.attempts.get() >= 3);
        assertThat(mails.sentOf("a")).isEqualTo(mails("a", 1, 1));
        mails.mended = true;
        await("the rest", () -> mails.sent.size() == 6);
        assertThat(running.status().getFirst().state()).isEqualTo(EffectStatus.State.RUNNING);
      }
      assertThat(mails.sentOf("a")).isEqualTo(mails("a", 1, 3));
    }

    @Test
    void becomes_a_dead_letter_and_later_ones_of_its_stream_wait_behind_it() {
      place(store, "a", 1, 3);
      place(store, "b", 1, 1);
      Failing mails = new Failing(new Placed("a", 2));
      DeadLetters letters = new DeadLetters(mails, store, Orders.CODEC, database);
      try (EffectRunner running = runner(store, database, mails)) {
        await("dead letters", () -> letters.list().size() == 2);
        DeadLetter first = letters.of(stream("a")).getFirst();
        assertThat(first.version()).isEqualTo(2);
        assertThat(first.attempts()).isEqualTo(3);
        assertThat(first.error()).contains("mailbox full");
        assertThat(Orders.CODEC.decode(letters.event(first))).isEqualTo(new Placed("a", 2));
        assertThat(letters.list().getLast().attempts()).isZero();
        assertThat(letters.list().getLast().error()).isNull();

        assertThat(letters.retry(stream("a"), "anna"))
            .isInstanceOfSatisfying(
                Retried.FailedAgain.class, again -> assertThat(again.events()).isZero());
        assertThat(letters.list().getFirst().attempts()).isEqualTo(4);

        place(store, "a", 4, 4);
        await("waiting", () -> letters.list().size() == 3);
        mails.mended = true;
        assertThat(letters.retry(stream("a"), "anna")).isEqualTo(new Retried.Done(3));
        place(store, "a", 5, 5);
        await("the rest", () -> mails.sentOf("a").size() == 5);
        assertThat(running.status()).hasSize(1);
      }
      assertThat(mails.sentOf("a")).isEqualTo(mails("a", 1, 5));
      assertThat(letters.list()).isEmpty();
    }

    @Test
    void can_be_dropped_with_who_and_why() throws Exception {
      place(store, "a", 1, 2);
      Failing mails = new Failing(new Placed("a", 1));
      DeadLetters letters = new DeadLetters(mails, store, Orders.CODEC, database);
      try (EffectRunner running = runner(store, database, mails)) {
        await("dead letters", () -> letters.list().size() == 2);
        assertThat(running.status()).hasSize(1);
      }
      DeadLetter letter = letters.list().getFirst();
      assertThatThrownBy(() -> letters.drop(letter, "anna", " "))
          .isInstanceOf(IllegalArgumentException.class);

      assertThat(letters.drop(letter, "anna", "customer called")).isTrue();
      assertThat(letters.drop(letter, "anna", "customer called")).isFalse();
      assertThat(letters.retry(stream("a"), "anna")).isEqualTo(new Retried.Done(1));

      assertThat(mails.sent).isEqualTo(mails("a", 2, 2));
      try (var connection = database.getConnection();
          var rows =
              connection
                  .createStatement()
                  .executeQuery(
                      "SELECT decision, who, why FROM headwater.dead_letter_decision"
                          + " ORDER BY version")) {
        rows.next();
        assertThat(rows.getString(1) + rows.getString(2) + rows.getString(3))
            .isEqualTo("droppedannacustomer called");
      }
    }
  }

  @Nested
  class A_runner_that_ends {
    @Test
    void lets_handlers_come_to_their_end_and_leaves_the_rest() {
      place(store, "a", 1, 2);
      CountDownLatch entered = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      Mails slow =
          new Mails(StartAt.beginning()) {
            @Override
            void send(Placed event) throws InterruptedException {
              entered.countDown();
              go.await(20, TimeUnit.SECONDS);
            }
          };
      EffectRunner ending = runner(store, database, slow);
      await("entered", () -> entered.getCount() == 0);
      Thread closing = Thread.ofVirtual().start(ending::close);
      await("closing", () -> closing.getState() != Thread.State.RUNNABLE);
      go.countDown();
      await("closed", () -> !closing.isAlive());
      Mails next = new Mails(StartAt.beginning());
      try (EffectRunner running = runner(store, database, next)) {
        await("the rest", () -> next.sent.size() + slow.sent.size() >= 2);
        assertThat(running.status()).hasSize(1);
      }
      assertThat(slow.sent.getFirst()).isEqualTo("a:1");
      List<String> all = new ArrayList<>(slow.sent);
      all.addAll(next.sent);
      assertThat(all).isEqualTo(mails("a", 1, 2));
    }
  }

  @Nested
  class Handlers {
    @Test
    void of_overlapping_kinds_of_events_are_refused() {
      EffectHandlers on = new EffectHandlers().event(Placed.class, (event, recorded, id) -> {});
      assertThatThrownBy(() -> on.event(OrderEvent.class, (event, recorded, id) -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("two handlers");
    }
  }

  @Nested
  class Effect_ids {
    @Test
    void are_what_the_reference_says() {
      EffectId id = new EffectId("mails", stream("42"), 3, 0);
      assertThat(id.uuid().version()).isEqualTo(5);
      assertThat(id.uuid().variant()).isEqualTo(2);
      assertThat(id.at(1).uuid()).isNotEqualTo(id.uuid());
      assertThat(id.at(1).at(0)).isEqualTo(id);
      assertThat(id.uuid()).isEqualTo(EffectId.nameBased("mails|0|3|Order:42"));
      assertThat(id.uuid()).isEqualTo(UUID.fromString(PYTHON_SAYS));
    }

    /** {@code uuid.uuid5(NAMESPACE, 'mails|0|3|Order:42')}. */
    private static final String PYTHON_SAYS = "b5adcab4-6f6f-564f-8d5f-51973e4af7e8";
  }
}
