package dev.headwater.trading.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.trading.book.BookUnderTest;
import dev.headwater.trading.book.OrderBookCommand.PlaceOrder;
import dev.headwater.trading.book.OrderBookEvent.OrderCancelled;
import dev.headwater.trading.book.OrderBookEvent.OrderPlaced;
import dev.headwater.trading.book.OrderBookEvent.OrderReduced;
import dev.headwater.trading.book.OrderBookEvent.OrderRejected;
import dev.headwater.trading.book.OrderBookEvent.OrderReplaced;
import dev.headwater.trading.book.OrderBookEvent.Traded;
import dev.headwater.trading.feed.TimedCommand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SimulatedSessionTest {
  private static List<TimedCommand> session(long seed, int commands) {
    List<TimedCommand> all = new ArrayList<>();
    new SimulatedSession(seed, commands).forEachRemaining(all::add);
    return all;
  }

  @Nested
  class determinism {
    @Test
    void the_same_seed_gives_the_same_commands() {
      assertThat(session(7, 5_000)).isEqualTo(session(7, 5_000));
    }

    @Test
    void a_longer_session_begins_like_a_shorter_one() {
      assertThat(session(7, 5_000)).startsWith(session(7, 1_000).toArray(TimedCommand[]::new));
    }

    @Test
    void another_seed_gives_other_orders_under_other_ids() {
      Set<String> ids = new HashSet<>();
      session(7, 2_000).forEach(command -> ids.add(command.commandId()));

      assertThat(session(8, 2_000)).noneMatch(command -> ids.contains(command.commandId()));
    }
  }

  @Nested
  class what_it_holds {
    private final List<TimedCommand> session = session(42, 20_000);

    @Test
    void as_many_commands_as_asked_for_after_one_that_opens_each_book() {
      assertThat(session).hasSize(20_000 + SimulatedSession.listings().size());
    }

    @Test
    void times_that_never_go_back_and_ids_that_never_repeat() {
      assertThat(session).extracting(TimedCommand::occurredAtMicros).isSorted();
      assertThat(session).extracting(TimedCommand::commandId).doesNotHaveDuplicates();
    }

    @Test
    void several_accounts() {
      Set<String> accounts = new HashSet<>();
      for (TimedCommand timed : session) {
        if (timed.command() instanceof PlaceOrder place) {
          accounts.add(place.account());
        }
      }
      assertThat(accounts).hasSize(12);
    }

    @Test
    void every_kind_of_event_in_a_realistic_mix() {
      Map<Class<?>, Integer> kinds = new HashMap<>();
      Map<String, Integer> reasons = new TreeMap<>();
      Map<String, BookUnderTest> books = new HashMap<>();
      for (TimedCommand timed : session) {
        books
            .computeIfAbsent(timed.symbol(), symbol -> new BookUnderTest())
            .handle(timed.command())
            .forEach(
                event -> {
                  kinds.merge(event.getClass(), 1, Integer::sum);
                  if (event instanceof OrderRejected rejected) {
                    reasons.merge(rejected.reason().name(), 1, Integer::sum);
                  }
                });
      }
      assertThat(kinds.get(OrderPlaced.class)).isBetween(8_000, 18_000);
      assertThat(kinds.get(Traded.class)).isGreaterThan(6_000);
      assertThat(kinds.get(OrderCancelled.class)).isGreaterThan(1_500);
      assertThat(kinds.get(OrderReduced.class)).isGreaterThan(500);
      assertThat(kinds.get(OrderReplaced.class)).isGreaterThan(500);
      assertThat(kinds.get(OrderRejected.class)).isBetween(200, 1_500);
      assertThat(reasons)
          .containsKeys(
              "DUPLICATE_ORDER_ID",
              "NOT_FILLABLE",
              "ORDER_UNKNOWN",
              "PRICE_MISSING",
              "PRICE_NOT_ON_TICK",
              "REDUCTION_TOO_LARGE");
    }
  }
}
