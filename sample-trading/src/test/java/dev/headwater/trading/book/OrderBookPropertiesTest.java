package dev.headwater.trading.book;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.codec.EventCodec;
import dev.headwater.event.Metadata;
import dev.headwater.event.NewEvent;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.Commit;
import dev.headwater.trading.TradingEvents;
import dev.headwater.trading.book.OrderBookCommand.CancelOrder;
import dev.headwater.trading.book.OrderBookCommand.OpenBook;
import dev.headwater.trading.book.OrderBookCommand.PlaceOrder;
import dev.headwater.trading.book.OrderBookCommand.ReduceOrder;
import dev.headwater.trading.book.OrderBookCommand.ReplaceOrder;
import dev.headwater.trading.book.OrderBookEvent.BestChanged;
import dev.headwater.trading.book.OrderBookEvent.OrderCancelled;
import dev.headwater.trading.book.OrderBookEvent.OrderPlaced;
import dev.headwater.trading.book.OrderBookEvent.OrderReduced;
import dev.headwater.trading.book.OrderBookEvent.OrderRejected;
import dev.headwater.trading.book.OrderBookEvent.OrderReplaced;
import dev.headwater.trading.book.OrderBookEvent.Traded;
import dev.headwater.trading.market.BestBidOffer;
import dev.headwater.trading.market.OrderType;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import dev.headwater.trading.market.Side;
import dev.headwater.trading.market.TimeInForce;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every sequence of commands; each seed is one sequence. */
class OrderBookPropertiesTest {
  private static final int COMMANDS = 400;
  private static final StreamId STREAM = new StreamId(OrderBooks.TYPE, "ANY");

  private final OrderBooks rules = new OrderBooks();
  private final BookUnderTest book = new BookUnderTest();

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  /** Commands in a narrow range of prices, so that much trades; some are wrong. */
  private static List<OrderBookCommand> commands(long seed) {
    Random random = new Random(seed);
    List<OrderBookCommand> commands = new ArrayList<>();
    commands.add(new OpenBook(Price.parse("0.5"), Quantity.parse("0.1")));
    IntStream.range(0, COMMANDS).forEach(i -> commands.add(command(random, i)));
    return commands;
  }

  private static OrderBookCommand command(Random random, int number) {
    String some = "o" + random.nextInt(number + 2);
    Quantity quantity = Quantity.parse("0.1").times(random.nextInt(60));
    return switch (random.nextInt(10)) {
      case 0 -> new CancelOrder(some, random.nextBoolean() ? quantity : null);
      case 1 -> new ReduceOrder(some, quantity.min(Quantity.parse("0.7")));
      case 2 -> new ReplaceOrder(some, random.nextBoolean() ? price(random) : null, quantity);
      default -> place(random, random.nextInt(40) == 0 ? some : "o" + number, quantity);
    };
  }

  private static PlaceOrder place(Random random, String id, Quantity quantity) {
    OrderType type = random.nextInt(8) == 0 ? OrderType.MARKET : OrderType.LIMIT;
    return new PlaceOrder(
        id,
        null,
        random.nextBoolean() ? Side.BUY : Side.SELL,
        type,
        TimeInForce.values()[random.nextInt(4)],
        type == OrderType.MARKET ? null : price(random),
        quantity);
  }

  private static Price price(Random random) {
    return Price.parse("50").plusTicks(random.nextInt(16) - 8, Price.parse("0.5"));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void trades_and_queues_are_those_of_a_naive_book(long seed) {
    NaiveBook naive = new NaiveBook();
    for (OrderBookCommand command : commands(seed)) {
      List<OrderBookEvent> events = book.handle(command);
      boolean rejected = events.stream().anyMatch(OrderRejected.class::isInstance);
      if (command instanceof PlaceOrder place && place.tif() == TimeInForce.FOK && !rejected) {
        assertThat(naive.canFill(place)).isTrue();
      }
      if (rejectedAs(events, RejectReason.NOT_FILLABLE)) {
        assertThat(naive.canFill((PlaceOrder) command)).isFalse();
      }
      if (!rejected) {
        apply(command, naive);
      }
    }

    assertThat(trades()).isEqualTo(naive.trades).isNotEmpty();
    assertThat(waiting(Side.BUY)).isEqualTo(waiting(naive, Side.BUY));
    assertThat(waiting(Side.SELL)).isEqualTo(waiting(naive, Side.SELL));
  }

  private static boolean rejectedAs(List<OrderBookEvent> events, RejectReason reason) {
    return events.stream().anyMatch(e -> e instanceof OrderRejected r && r.reason() == reason);
  }

  private static void apply(OrderBookCommand command, NaiveBook naive) {
    switch (command) {
      case PlaceOrder c -> naive.place(c);
      case CancelOrder c -> naive.cancel(c);
      case ReduceOrder c -> naive.reduce(c);
      case ReplaceOrder c -> naive.replace(c);
      default -> {}
    }
  }

  private List<String> trades() {
    return book.history().stream()
        .filter(Traded.class::isInstance)
        .map(Traded.class::cast)
        .map(
            t -> t.maker() + " " + t.taker() + " " + t.price().units() + " " + t.quantity().units())
        .toList();
  }

  private List<String> waiting(Side side) {
    return book.book().orders(side).stream()
        .map(o -> o.orderId() + " " + o.price().units() + " " + o.leaves().units())
        .toList();
  }

  private static List<String> waiting(NaiveBook naive, Side side) {
    return naive.waiting.stream()
        .filter(o -> o.side == side)
        .sorted(
            (a, b) ->
                side == Side.BUY ? Long.compare(b.price, a.price) : Long.compare(a.price, b.price))
        .map(o -> o.id + " " + o.price + " " + o.leaves)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void the_top_is_never_crossed_and_told_whenever_it_changes(long seed) {
    BestBidOffer told = BestBidOffer.EMPTY;
    for (OrderBookCommand command : commands(seed)) {
      List<OrderBookEvent> events = book.handle(command);
      BestBidOffer best = book.book().depth().best();
      assertThat(best.isCrossed()).isFalse();
      for (OrderBookEvent event : events) {
        if (event instanceof BestChanged changed) {
          assertThat(changed.best()).isNotEqualTo(told);
          told = changed.best();
          assertThat(told.isCrossed()).isFalse();
        }
      }
      assertThat(told).isEqualTo(best);
      assertThat(events.size()).isLessThanOrEqualTo(Commit.MAX_EVENTS);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void the_depth_is_the_sum_of_the_orders(long seed) {
    for (OrderBookCommand command : commands(seed)) {
      book.handle(command);
    }
    for (Side side : Side.values()) {
      Map<Price, Quantity> sums = new TreeMap<>();
      book.book().orders(side).forEach(o -> sums.merge(o.price(), o.leaves(), Quantity::plus));
      Map<Price, Quantity> levels = new TreeMap<>();
      book.book().depth().top(side, 1_000).forEach(l -> levels.put(l.price(), l.quantity()));
      assertThat(levels).isEqualTo(sums);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void what_was_ordered_was_traded_or_cancelled_or_is_open(long seed) {
    commands(seed).forEach(book::handle);
    Map<String, Long> balance = new HashMap<>();
    for (OrderBookEvent event : book.history()) {
      switch (event) {
        case OrderPlaced e -> balance.merge(e.orderId(), e.quantity().units(), Long::sum);
        case Traded e -> {
          balance.merge(e.maker(), -e.quantity().units(), Long::sum);
          balance.merge(Objects.requireNonNull(e.taker()), -e.quantity().units(), Long::sum);
        }
        case OrderReduced e -> balance.merge(e.orderId(), -e.by().units(), Long::sum);
        case OrderReplaced e ->
            balance.merge(e.orderId(), e.leaves().minus(e.oldLeaves()).units(), Long::sum);
        case OrderCancelled e -> balance.merge(e.orderId(), -e.quantity().units(), Long::sum);
        default -> {}
      }
    }
    balance.forEach(
        (id, left) -> {
          RestingOrder open = book.book().order(id);
          assertThat(left).as(id).isEqualTo(open == null ? 0 : open.leaves().units());
        });
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void deciding_again_gives_equal_events_and_leaves_the_state_alone(long seed) {
    for (OrderBookCommand command : commands(seed)) {
      OrderBook before = book.book();
      String printed = before.toString();
      List<OrderBookEvent> events = book.handle(command);
      assertThat(rules.decide(command, before)).isEqualTo(events);
      assertThat(before).hasToString(printed);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void folding_the_stored_events_gives_the_state(long seed) {
    commands(seed).forEach(book::handle);

    OrderBook folded = rules.initial();
    for (OrderBookEvent event : book.history()) {
      folded = rules.evolve(folded, (OrderBookEvent) stored(TradingEvents.codec(), event));
    }

    assertThat(folded).isEqualTo(book.book()).hasSameHashCodeAs(book.book());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void a_state_that_was_written_and_read_is_the_same_and_goes_on_the_same(long seed) {
    EventCodec snapshots = EventCodec.builder().event("OrderBook", 1, OrderBook.class).build();
    List<OrderBookCommand> commands = commands(seed);
    commands.subList(0, COMMANDS / 2).forEach(book::handle);

    OrderBook restored = (OrderBook) stored(snapshots, book.book());

    assertThat(restored).isEqualTo(book.book());
    for (OrderBookCommand command : commands.subList(COMMANDS / 2, COMMANDS)) {
      List<OrderBookEvent> events = rules.decide(command, restored);
      assertThat(events).isEqualTo(book.handle(command));
      for (OrderBookEvent event : events) {
        restored = rules.evolve(restored, event);
      }
    }
  }

  private static Object stored(EventCodec codec, Object value) {
    NewEvent written = codec.encode(value);
    return codec.decode(
        new RecordedEvent(
            STREAM, 1, "c", written.type(), Metadata.atMicros(0).toJson(), written.data()));
  }
}
