package dev.headwater.trading.simulation;

import dev.headwater.trading.book.OrderBook;
import dev.headwater.trading.book.OrderBookCommand;
import dev.headwater.trading.book.OrderBookCommand.CancelOrder;
import dev.headwater.trading.book.OrderBookCommand.OpenBook;
import dev.headwater.trading.book.OrderBookCommand.PlaceOrder;
import dev.headwater.trading.book.OrderBookCommand.ReduceOrder;
import dev.headwater.trading.book.OrderBookCommand.ReplaceOrder;
import dev.headwater.trading.book.OrderBookEvent;
import dev.headwater.trading.book.OrderBooks;
import dev.headwater.trading.book.RestingOrder;
import dev.headwater.trading.market.OrderType;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import dev.headwater.trading.market.Side;
import dev.headwater.trading.market.TimeInForce;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The traders of one instrument. They know its book, because the simulation keeps it by the same
 * rules as the venue, and place orders around a price that wanders.
 */
final class SimulatedMarket {
  private static final int ACCOUNTS = 12;
  private static final int WIDEST_TICKS = 12;
  private static final int MOST_LOTS = 40;
  private static final int CROWDED = 400;

  private final Listing listing;
  private final Random random;
  private final OrderBooks rules = new OrderBooks();
  private final List<String> resting = new ArrayList<>();
  private final Map<String, String> accounts = new HashMap<>();
  private OrderBook book = rules.initial();
  private Price fair;

  SimulatedMarket(Listing listing, Random random) {
    this.listing = listing;
    this.random = random;
    this.fair = listing.firstPrice();
  }

  String symbol() {
    return listing.symbol();
  }

  OpenBook opening() {
    return new OpenBook(listing.terms().tickSize(), listing.terms().lotSize());
  }

  /** Keeps the book up to date. */
  void handle(OrderBookCommand command) {
    for (OrderBookEvent event : rules.decide(command, book)) {
      book = rules.evolve(book, event);
    }
    if (command instanceof PlaceOrder place && book.order(place.orderId()) != null) {
      resting.add(place.orderId());
    }
  }

  /** The account that gives a command: that of the order. */
  @Nullable String actor(OrderBookCommand command) {
    return switch (command) {
      case PlaceOrder c -> {
        if (c.account() != null) {
          accounts.putIfAbsent(c.orderId(), c.account());
        }
        yield c.account();
      }
      case CancelOrder c -> accounts.get(c.orderId());
      case ReduceOrder c -> accounts.get(c.orderId());
      case ReplaceOrder c -> accounts.get(c.orderId());
      default -> null;
    };
  }

  /** What some trader does next; {@code id} is for a new order. */
  OrderBookCommand next(String id) {
    wander();
    int dice = random.nextInt(100);
    if (dice < 2) {
      return mistake(id);
    }
    RestingOrder order = dice < (resting.size() > CROWDED ? 60 : 32) ? someOrder() : null;
    return order == null ? place(id) : change(order);
  }

  private void wander() {
    int step = random.nextInt(8) - 4; // -4 to 3: most of the time nothing happens
    if (step == -4 || step == 3) {
      Price moved = fair.plusTicks(step < 0 ? -1 : 1, tick());
      fair = moved.compareTo(tick().plusTicks(WIDEST_TICKS, tick())) > 0 ? moved : fair;
    }
  }

  private OrderBookCommand place(String id) {
    Side side = random.nextBoolean() ? Side.BUY : Side.SELL;
    return switch (random.nextInt(20)) {
      case 0, 1, 2 -> order(id, side, OrderType.MARKET, TimeInForce.IOC, null);
      case 3, 4 -> order(id, side, OrderType.LIMIT, TimeInForce.IOC, around(side, 3));
      case 5 -> order(id, side, OrderType.LIMIT, TimeInForce.FOK, around(side, 3));
      case 6, 7, 8, 9 -> order(id, side, OrderType.LIMIT, TimeInForce.GTC, around(side, 2));
      default -> order(id, side, OrderType.LIMIT, TimeInForce.DAY, around(side, 1));
    };
  }

  /** Up to {@code eager} ticks beyond the fair price, or behind it. */
  private Price around(Side side, int eager) {
    int behind = random.nextInt(WIDEST_TICKS) - eager;
    return fair.plusTicks(side == Side.BUY ? -behind : behind, tick());
  }

  private OrderBookCommand change(RestingOrder order) {
    Quantity lot = listing.terms().lotSize();
    return switch (random.nextInt(8)) {
      case 0, 1 ->
          order.leaves().exceeds(lot)
              ? new ReduceOrder(order.orderId(), lot)
              : new CancelOrder(order.orderId(), order.leaves());
      case 2 -> new ReplaceOrder(order.orderId(), around(order.side(), 1), order.quantity());
      case 3 -> new ReplaceOrder(order.orderId(), null, order.quantity().plus(quantity()));
      default -> new CancelOrder(order.orderId(), random.nextBoolean() ? order.leaves() : null);
    };
  }

  private OrderBookCommand mistake(String id) {
    Price offTick = new Price(fair.units() + 1);
    return switch (random.nextInt(5)) {
      case 0 -> new CancelOrder("unknown-" + id, null);
      case 1 -> order(id, Side.BUY, OrderType.LIMIT, TimeInForce.DAY, offTick);
      case 2 -> order(id, Side.SELL, OrderType.LIMIT, TimeInForce.DAY, null);
      case 3 -> new ReduceOrder(resting.isEmpty() ? id : resting.getFirst(), lots(1_000_000));
      default -> order(usedId(id), Side.BUY, OrderType.LIMIT, TimeInForce.DAY, fair);
    };
  }

  private String usedId(String otherwise) {
    return resting.isEmpty() ? otherwise : resting.getLast();
  }

  private PlaceOrder order(
      String id, Side side, OrderType type, TimeInForce tif, @Nullable Price price) {
    String account = String.format(Locale.ROOT, "ACC-%02d", 1 + random.nextInt(ACCOUNTS));
    return new PlaceOrder(id, account, side, type, tif, price, quantity());
  }

  private Quantity quantity() {
    return lots(1 + random.nextInt(MOST_LOTS));
  }

  private Quantity lots(long count) {
    return listing.terms().lotSize().times(count);
  }

  private Price tick() {
    return listing.terms().tickSize();
  }

  /** An order that is in the book; null if there is none. */
  private @Nullable RestingOrder someOrder() {
    while (!resting.isEmpty()) {
      int index = random.nextInt(resting.size());
      RestingOrder order = book.order(resting.get(index));
      if (order != null) {
        return order;
      }
      // closed since: the last one takes its place, so that removing costs the same at any index
      resting.set(index, resting.getLast());
      resting.removeLast();
    }
    return null;
  }
}
