package dev.headwater.trading.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.Metadata;
import dev.headwater.trading.NeedsTradingData;
import dev.headwater.trading.TradingData;
import dev.headwater.trading.book.BookUnderTest;
import dev.headwater.trading.book.OrderBookEvent;
import dev.headwater.trading.book.OrderBookEvent.BestChanged;
import dev.headwater.trading.book.OrderBookEvent.HiddenTraded;
import dev.headwater.trading.book.OrderBookEvent.OrderRejected;
import dev.headwater.trading.book.OrderBookEvent.Traded;
import dev.headwater.trading.book.RejectReason;
import dev.headwater.trading.feed.LobsterFile.Executions;
import dev.headwater.trading.market.BestBidOffer;
import dev.headwater.trading.market.Quantity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** An hour of a NASDAQ stock through the decider, against what the exchange published. */
@NeedsTradingData
class LobsterReplayTest {
  private static final Path MESSAGES =
      TradingData.path("lobster/AAPL_2012-06-21_34200000_37800000_message_50.csv.gz");
  private static final Path TOP =
      TradingData.path("lobster/AAPL_2012-06-21_34200000_57600000_orderbook_1.csv.gz");
  private static final Path SEED = TradingData.path("lobster/derived_AAPL_preopen_orders.csv");

  /** What came of a replay. */
  private static final class Replay {
    final BookUnderTest book = new BookUnderTest();
    final List<BestBidOffer> tops = new ArrayList<>();
    final Map<RejectReason, Integer> rejections = new EnumMap<>(RejectReason.class);
    Quantity traded = Quantity.ZERO;
    Quantity hidden = Quantity.ZERO;

    Replay(Executions executions) {
      try (CommandFeed feed =
          LobsterFile.open(MESSAGES, LobsterFile.Options.of(executions).withSeed(SEED))) {
        while (feed.hasNext()) {
          TimedCommand next = feed.next();
          boolean afterOpening = !LobsterFile.PRE_OPEN.equals(next.actor());
          book.handle(next.command()).forEach(event -> note(event, afterOpening));
        }
      }
    }

    private void note(OrderBookEvent event, boolean afterOpening) {
      switch (event) {
        case Traded e -> traded = traded.plus(e.quantity());
        case HiddenTraded e -> hidden = hidden.plus(e.quantity());
        case BestChanged e when afterOpening -> tops.add(e.best());
        case OrderRejected e -> rejections.merge(e.reason(), 1, Integer::sum);
        default -> {}
      }
    }

    BestBidOfferCheck check() {
      try (BestBidOfferFeed published = LobsterFile.openBestBidOffers(TOP)) {
        return BestBidOfferCheck.of(published, tops.iterator());
      }
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS) // a replay serves all tests of its class
  class executions_as_reported {
    private final Replay replay = new Replay(Executions.REPORTED);

    @Test
    void reach_the_published_top_of_the_book() {
      BestBidOfferCheck check = replay.check();

      assertThat(check.equalFromStart()).isEqualTo(15_999);
      assertThat(check.equal()).isEqualTo(23_422);
      assertThat(check.compared()).isEqualTo(23_439);
    }

    @Test
    void execute_every_visible_and_hidden_share() {
      assertThat(replay.traded).isEqualTo(Quantity.of(350_494));
      assertThat(replay.hidden).isEqualTo(Quantity.of(533_629 - 350_494));
    }

    @Test
    void refuse_only_what_names_an_order_that_was_never_seen() {
      assertThat(replay.rejections).isEqualTo(Map.of(RejectReason.ORDER_UNKNOWN, 44));
    }

    /** An order that crossed would trade here and be executed again by the feed's own message. */
    @Test
    void no_order_of_the_feed_crosses_the_book_so_none_matches() {
      assertThat(replay.book.history())
          .noneMatch(event -> event instanceof Traded traded && traded.taker() != null);
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS) // a replay serves all tests of its class
  class executions_matched {
    private final Replay replay = new Replay(Executions.MATCHED);

    @Test
    void reach_the_published_top_of_the_book_but_for_executions_out_of_time_priority() {
      BestBidOfferCheck check = replay.check();

      assertThat(check.equal()).isGreaterThanOrEqualTo(22_700);
      assertThat(check.compared()).isEqualTo(23_209);
    }

    @Test
    void execute_the_shares_that_the_feed_reports() {
      assertThat(replay.traded).isBetween(Quantity.of(350_400), Quantity.of(350_600));
    }

    @Test
    void refuse_what_names_an_order_that_is_unknown_or_was_matched_already() {
      assertThat(replay.rejections)
          .containsOnlyKeys(RejectReason.ORDER_UNKNOWN, RejectReason.ORDER_CLOSED)
          .containsEntry(RejectReason.ORDER_UNKNOWN, 44);
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS) // a replay serves all tests of its class
  class reading_the_files {
    @Test
    void gives_each_message_its_own_command_id_though_some_lines_are_equal() {
      try (CommandFeed feed =
          LobsterFile.open(MESSAGES, LobsterFile.Options.of(Executions.REPORTED))) {
        Set<String> ids = new HashSet<>();
        while (feed.hasNext()) {
          ids.add(feed.next().commandId());
        }

        assertThat(ids).hasSize(91_997 + 1);
        assertThat(feed.progress().lines()).isEqualTo(91_997);
        assertThat(feed.progress().bytesRead()).isEqualTo(feed.progress().bytesTotal());
      }
    }

    @Test
    void tells_the_time_of_the_first_message_in_utc() {
      try (CommandFeed feed =
          LobsterFile.open(MESSAGES, LobsterFile.Options.of(Executions.REPORTED))) {
        feed.next();

        assertThat(Metadata.atMicros(feed.next().occurredAtMicros()).time())
            .isEqualTo("2012-06-21T13:30:00.004241Z");
      }
    }
  }
}
