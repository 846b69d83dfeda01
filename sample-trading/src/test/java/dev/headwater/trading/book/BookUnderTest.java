package dev.headwater.trading.book;

import java.util.ArrayList;
import java.util.List;

/** Runs commands against the pure decider and keeps state and events. */
public final class BookUnderTest {
  private final OrderBooks books = new OrderBooks();
  private final List<OrderBookEvent> history = new ArrayList<>();
  private OrderBook book = books.initial();

  public List<OrderBookEvent> handle(OrderBookCommand command) {
    List<OrderBookEvent> events = books.decide(command, book);
    for (OrderBookEvent event : events) {
      book = books.evolve(book, event);
    }
    history.addAll(events);
    return events;
  }

  public OrderBook book() {
    return book;
  }

  public List<OrderBookEvent> history() {
    return history;
  }
}
