package dev.headwater.docs;

import static dev.headwater.projection.test.Columns.columns;
import static dev.headwater.projection.test.Key.key;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.codec.EventCodec;
import dev.headwater.effect.EffectRunner;
import dev.headwater.effect.EffectSettings;
import dev.headwater.effect.StartAt;
import dev.headwater.event.Metadata;
import dev.headwater.event.StreamId;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.pipeline.Flow;
import dev.headwater.pipeline.Outgoing;
import dev.headwater.pipeline.Pipeline;
import dev.headwater.projection.EventHandlers;
import dev.headwater.projection.Projection;
import dev.headwater.projection.test.ProjectionFixture;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.readmodel.Table;
import dev.headwater.store.Commit;
import dev.headwater.store.EventStore;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.ReadStream.Direction;
import dev.headwater.trading.TradingEvents;
import dev.headwater.trading.book.OrderBookEvent.HiddenTraded;
import dev.headwater.trading.book.OrderBookEvent.Traded;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import dev.headwater.trading.market.Side;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The code of the page on pipelines. */
class PipelinesTest {
  private static final Instant OPEN = Instant.parse("2026-01-05T14:30:00Z");

  // tag::event
  /** What everybody may know of a trade: no orders, no accounts. */
  record PublicTrade(String symbol, BigDecimal price, BigDecimal quantity) {}

  static final EventCodec PUBLIC =
      EventCodec.builder().event("PublicTrade", 1, PublicTrade.class).build();

  // end::event

  // tag::flow
  static final Flow<Traded, Outgoing> PUBLIC_TRADES =
      Flow.of(Traded.class)
          .filter(trade -> trade.quantity().isPositive())
          .map(
              (trade, recorded) ->
                  new PublicTrade(
                      recorded.stream().id(),
                      trade.price().toBigDecimal(),
                      trade.quantity().toBigDecimal()))
          .to((trade, recorded) -> new StreamId("MarketData", trade.symbol()));

  // end::flow

  // tag::projection
  static final class Tape implements Projection {
    static final Table TAPE =
        Table.appendOnly("tape").columns("symbol", "price", "quantity", "traded_at");
    static final Table VOLUME = Table.named("volume").key("symbol").columns("trades", "quantity");

    @Override
    public String name() {
      return "tape";
    }

    @Override
    public List<String> migrations() {
      return List.of("classpath:db/tape");
    }

    @Override
    public List<Table> tables() {
      return List.of(TAPE, VOLUME);
    }

    @Override
    public void define(EventHandlers on) {
      on.event(
          PublicTrade.class,
          (trade, recorded, rows) -> {
            rows.append(TAPE)
                .set("symbol", trade.symbol())
                .set("price", trade.price())
                .set("quantity", trade.quantity())
                .set("traded_at", recorded.metadata().time());
            rows.at(VOLUME, trade.symbol()).add("trades", 1).add("quantity", trade.quantity());
          });
    }
  }

  // end::projection

  @RegisterExtension final ProjectionFixture tape = ProjectionFixture.of(new Tape(), PUBLIC);

  private static Traded trade(long number) {
    return new Traded(
        number,
        "maker",
        "taker",
        Price.parse("10"),
        Quantity.of(number),
        Side.BUY,
        Quantity.ZERO,
        Quantity.ZERO,
        null);
  }

  private static void append(EventStore store, String symbol, Object... events) {
    store.appendAndWait(
        new Commit(
            symbol,
            new StreamId("OrderBook", symbol),
            ExpectedVersion.noStream(),
            Metadata.at(OPEN),
            List.of(events).stream().map(TradingEvents.codec()::encode).toList()));
  }

  private static List<Object> published(EventStore store, String symbol) {
    return store.read(new StreamId("MarketData", symbol), 1, Direction.FORWARD, 100).stream()
        .map(PUBLIC::decode)
        .toList();
  }

  private static PublicTrade publicTrade(long quantity) {
    return new PublicTrade("AAPL", BigDecimal.TEN, BigDecimal.valueOf(quantity));
  }

  @Test
  void trades_become_a_public_stream_in_their_order() {
    InMemoryEventStore store = new InMemoryEventStore(2);
    InMemoryEventStore publicStore = new InMemoryEventStore(2);
    append(
        store,
        "AAPL",
        trade(1),
        new HiddenTraded(2, Price.parse("10"), Quantity.of(2), Side.SELL),
        trade(3),
        trade(4));
    EffectSettings settings = EffectSettings.DEFAULT;
    try (HikariDataSource database = ReadModelDatabase.h2InMemory("pipelines")) {
      Migrations.framework(database);
      // tag::run
      Pipeline<Traded> pipeline =
          new Pipeline<>("public-trades", StartAt.beginning(), PUBLIC_TRADES, publicStore, PUBLIC);
      try (EffectRunner effects =
          new EffectRunner(store, TradingEvents.codec(), database, List.of(pipeline), settings)) {
        effects.start();
        // end::run
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (published(publicStore, "AAPL").size() < 3) {
          assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
          LockSupport.parkNanos(2_000_000);
        }
        assertThat(effects.status()).hasSize(1);
      }
    }
    assertThat(published(publicStore, "AAPL"))
        .usingRecursiveComparison()
        .withComparatorForType(BigDecimal::compareTo, BigDecimal.class)
        .isEqualTo(LongStream.of(1, 3, 4).mapToObj(PipelinesTest::publicTrade).toList());
  }

  // tag::test
  @Test
  void a_public_trade_is_in_both_tables() {
    tape.in("MarketData", "AAPL")
        .at(OPEN)
        .given(publicTrade(3))
        .when(publicTrade(4))
        .thenRows(
            "tape",
            columns("quantity", 3, "traded_at", OPEN),
            columns("quantity", 4, "traded_at", OPEN))
        .thenRow("volume", key("AAPL"), columns("trades", 2, "quantity", 7))
        .thenReplayGivesTheSame();
  }
  // end::test
}
