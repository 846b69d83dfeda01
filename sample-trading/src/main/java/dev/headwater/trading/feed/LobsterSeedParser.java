package dev.headwater.trading.feed;

import dev.headwater.trading.book.OrderBookCommand.PlaceOrder;
import dev.headwater.trading.market.OrderType;
import dev.headwater.trading.market.TimeInForce;
import java.util.List;

/** The orders that rested before the first message; placed when trading begins. */
final class LobsterSeedParser implements LineParser {
  private static final List<String> COLUMNS =
      List.of("order_id", "min_size", "price", "direction", "first_touched_at");

  private final LobsterSession session;
  private final CommandIds ids;
  private boolean headerSeen;

  LobsterSeedParser(LobsterSession session) {
    this.session = session;
    this.ids = new CommandIds("lobster-seed " + session.symbol() + " " + session.date());
  }

  @Override
  public void accept(Line line, Output output) {
    if (!headerSeen) {
      if (!line.values().equals(COLUMNS)) {
        throw line.malformed(null, "the header is expected: " + String.join(",", COLUMNS));
      }
      headerSeen = true;
      return;
    }
    Row row = Row.of(line, COLUMNS);
    PlaceOrder place =
        new PlaceOrder(
            row.required("order_id"),
            null,
            row.parse("direction", LobsterSession::side),
            OrderType.LIMIT,
            TimeInForce.DAY,
            row.parse("price", LobsterSession::price),
            row.parse("min_size", LobsterSession::quantity));
    output.add(
        new TimedCommand(
            ids.next(line.text()),
            session.openingMicros(),
            session.symbol(),
            place,
            LobsterFile.PRE_OPEN));
  }
}
