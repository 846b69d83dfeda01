package dev.headwater.trading.feed;

import dev.headwater.trading.book.OrderBookCommand;
import dev.headwater.trading.book.OrderBookCommand.CancelOrder;
import dev.headwater.trading.book.OrderBookCommand.PlaceOrder;
import dev.headwater.trading.book.OrderBookCommand.ReduceOrder;
import dev.headwater.trading.book.OrderBookCommand.ReportExecution;
import dev.headwater.trading.book.OrderBookCommand.ReportHiddenTrade;
import dev.headwater.trading.feed.LobsterFile.Executions;
import dev.headwater.trading.market.OrderType;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import dev.headwater.trading.market.Side;
import dev.headwater.trading.market.TimeInForce;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The message format that {@link LobsterFile} describes. */
final class LobsterMessageParser implements LineParser {
  private static final List<String> COLUMNS =
      List.of("time", "type", "order id", "size", "price", "direction");

  private final LobsterSession session;
  private final Executions executions;
  private final CommandIds ids;
  private @Nullable Sweep sweep;

  LobsterMessageParser(LobsterSession session, Executions executions) {
    this.session = session;
    this.executions = executions;
    this.ids =
        new CommandIds("lobster " + executions + " " + session.symbol() + " " + session.date());
  }

  /** Executions that one order coming in led to. */
  private record Sweep(
      long firstLine, String time, Side resting, Price lastPrice, Quantity total, String text) {
    boolean includes(Message message) {
      return message.time.equals(time) && message.resting == resting;
    }

    Sweep plus(Message message) {
      return new Sweep(
          firstLine,
          time,
          resting,
          message.price,
          total.plus(message.size),
          text + "\n" + message.line.text());
    }

    PlaceOrder order() {
      return new PlaceOrder(
          "x" + firstLine,
          null,
          resting.opposite(),
          OrderType.LIMIT,
          TimeInForce.IOC,
          lastPrice,
          total);
    }
  }

  /** A message about an order. */
  private record Message(
      Line line, String time, String orderId, Quantity size, Price price, Side resting) {}

  @Override
  public void accept(Line line, Output output) {
    Row row = Row.of(line, COLUMNS);
    row.parse("time", session::micros);
    long type = row.parse("type", LobsterSession::whole);
    if (type == 6 || type == 7) {
      output.ignoreLine();
      return;
    }
    if (type < 1 || type > 5) {
      throw row.malformed("type", "'" + type + "' is none of 1 to 7");
    }
    Message message = message(row);
    if (type == 4 && executions == Executions.MATCHED) {
      collect(message, output);
      return;
    }
    end(output);
    output.add(command(line.text(), message.time, command((int) type, message)));
  }

  private static Message message(Row row) {
    return new Message(
        row.line(),
        row.required("time"),
        row.required("order id"),
        row.parse("size", LobsterSession::quantity),
        row.parse("price", LobsterSession::price),
        row.parse("direction", LobsterSession::side));
  }

  private static OrderBookCommand command(int type, Message m) {
    return switch (type) {
      case 1 ->
          new PlaceOrder(
              m.orderId, null, m.resting, OrderType.LIMIT, TimeInForce.DAY, m.price, m.size);
      case 2 -> new ReduceOrder(m.orderId, m.size);
      case 3 -> new CancelOrder(m.orderId, m.size);
      case 4 -> new ReportExecution(m.orderId, m.size);
      default -> new ReportHiddenTrade(m.price, m.size, m.resting);
    };
  }

  private void collect(Message m, Output output) {
    if (sweep != null && sweep.includes(m)) {
      sweep = sweep.plus(m);
      return;
    }
    end(output);
    sweep = new Sweep(m.line.number(), m.time, m.resting, m.price, m.size, m.line.text());
  }

  @Override
  public void end(Output output) {
    if (sweep != null) {
      output.add(command(sweep.text, sweep.time, sweep.order()));
      sweep = null;
    }
  }

  private TimedCommand command(String text, String time, OrderBookCommand command) {
    return new TimedCommand(ids.next(text), session.micros(time), session.symbol(), command, null);
  }
}
