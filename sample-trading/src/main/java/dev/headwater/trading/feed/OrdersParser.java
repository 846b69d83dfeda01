package dev.headwater.trading.feed;

import dev.headwater.event.Metadata;
import dev.headwater.event.StreamId;
import dev.headwater.trading.book.OrderBookCommand;
import dev.headwater.trading.book.OrderBookCommand.CancelOrder;
import dev.headwater.trading.book.OrderBookCommand.OpenBook;
import dev.headwater.trading.book.OrderBookCommand.PlaceOrder;
import dev.headwater.trading.book.OrderBookCommand.ReduceOrder;
import dev.headwater.trading.book.OrderBookCommand.ReplaceOrder;
import dev.headwater.trading.book.OrderBooks;
import dev.headwater.trading.market.OrderType;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import dev.headwater.trading.market.Side;
import dev.headwater.trading.market.TimeInForce;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The format that {@link OrdersFile} describes. */
final class OrdersParser implements LineParser {
  private static final List<String> KNOWN =
      List.of(
          "time",
          "action",
          "order_id",
          "account",
          "symbol",
          "side",
          "type",
          "tif",
          "price",
          "quantity");
  private static final List<String> NEEDED = List.of("time", "action", "order_id", "symbol");

  private enum Action {
    NEW,
    CANCEL,
    REDUCE,
    REPLACE
  }

  private final List<String> columns;
  private final @Nullable OpenBook open;
  private final Set<String> opened = new HashSet<>();
  private final CommandIds ids = new CommandIds("orders");

  private OrdersParser(List<String> columns, @Nullable OpenBook open) {
    this.columns = columns;
    this.open = open;
  }

  static OrdersParser afterHeader(LineSource source, @Nullable OpenBook open) {
    Line header = source.next();
    if (header == null) {
      throw new MalformedLineException(
          source.name(), 1, null, "is empty; a header is expected: " + String.join(",", KNOWN));
    }
    List<String> columns =
        header.values().stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    check(header, columns);
    return new OrdersParser(columns, open);
  }

  private static void check(Line header, List<String> columns) {
    for (String column : columns) {
      if (!KNOWN.contains(column)) {
        throw header.malformed(
            column, "is not known; a header is expected: " + String.join(",", KNOWN));
      }
      if (columns.indexOf(column) != columns.lastIndexOf(column)) {
        throw header.malformed(column, "is there twice");
      }
    }
    for (String column : NEEDED) {
      if (!columns.contains(column)) {
        throw header.malformed(
            column, "is missing; a header is expected: " + String.join(",", KNOWN));
      }
    }
  }

  @Override
  public void accept(Line line, Output output) {
    Row row = Row.of(line, columns);
    long time = row.parse("time", OrdersParser::micros);
    String symbol = row.parse("symbol", OrdersParser::symbol);
    OrderBookCommand command = command(row);
    String account = account(row);
    if (open != null && opened.add(symbol)) {
      output.add(new TimedCommand(CommandIds.open(symbol, open), time, symbol, open, null));
    }
    output.add(new TimedCommand(ids.next(content(row)), time, symbol, command, account));
  }

  /** The values in one order and without quotes: ids don't depend on how the file was written. */
  private static String content(Row row) {
    return KNOWN.stream().map(row::text).collect(Collectors.joining("\u001f"));
  }

  private static OrderBookCommand command(Row row) {
    String orderId = row.parse("order_id", OrderBookCommand::requireId);
    return switch (row.oneOf("action", Action.values())) {
      case NEW -> place(row, orderId);
      case CANCEL ->
          new CancelOrder(
              orderId, row.has("quantity") ? row.parse("quantity", Quantity::parse) : null);
      case REDUCE -> new ReduceOrder(orderId, row.parse("quantity", Quantity::parse));
      case REPLACE ->
          new ReplaceOrder(orderId, optionalPrice(row), row.parse("quantity", Quantity::parse));
    };
  }

  private static PlaceOrder place(Row row, String orderId) {
    OrderType type = row.has("type") ? row.oneOf("type", OrderType.values()) : OrderType.LIMIT;
    TimeInForce otherwise = type == OrderType.MARKET ? TimeInForce.IOC : TimeInForce.DAY;
    return new PlaceOrder(
        orderId,
        account(row),
        row.oneOf("side", Side.values()),
        type,
        row.has("tif") ? row.oneOf("tif", TimeInForce.values()) : otherwise,
        optionalPrice(row),
        row.parse("quantity", Quantity::parse));
  }

  private static @Nullable String account(Row row) {
    return row.has("account") ? row.parse("account", OrderBookCommand::requireId) : null;
  }

  private static @Nullable Price optionalPrice(Row row) {
    return row.has("price") ? row.parse("price", Price::parse) : null;
  }

  private static String symbol(String text) {
    return new StreamId(OrderBooks.TYPE, text).id();
  }

  private static long micros(String text) {
    if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      try {
        return Long.parseLong(text) / 1000;
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("'" + text + "' is out of range", e);
      }
    }
    try {
      return Metadata.micros(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is neither ISO-8601 with an offset nor nanoseconds since 1970", e);
    }
  }
}
