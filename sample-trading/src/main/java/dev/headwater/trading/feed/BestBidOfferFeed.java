package dev.headwater.trading.feed;

import dev.headwater.trading.market.BestBidOffer;
import dev.headwater.trading.market.Price;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The best level in each row of a LOBSTER order book file. To be closed. Throws like {@link
 * CommandFeed}.
 */
public final class BestBidOfferFeed implements Iterator<BestBidOffer>, AutoCloseable {
  private static final List<String> LEVEL =
      List.of("ask price", "ask size", "bid price", "bid size");
  private static final long NO_ASK = 9_999_999_999L;
  private static final long NO_BID = -NO_ASK;

  private final LineSource source;
  private @Nullable Line line;

  BestBidOfferFeed(LineSource source) {
    this.source = source;
    this.line = source.next();
  }

  @Override
  public boolean hasNext() {
    return line != null;
  }

  @Override
  public BestBidOffer next() {
    Line current = line;
    if (current == null) {
      throw new NoSuchElementException();
    }
    line = source.next();
    return read(current);
  }

  private static BestBidOffer read(Line line) {
    int values = line.values().size();
    if (values % LEVEL.size() != 0) {
      throw line.malformed(null, "has " + values + " values, which is no multiple of four");
    }
    Row row = Row.beginningOf(line, LEVEL);
    Price ask = price(row, "ask price", NO_ASK);
    Price bid = price(row, "bid price", NO_BID);
    return new BestBidOffer(
        bid,
        bid == null ? null : row.parse("bid size", LobsterSession::quantity),
        ask,
        ask == null ? null : row.parse("ask size", LobsterSession::quantity));
  }

  private static @Nullable Price price(Row row, String column, long none) {
    return row.parse(column, LobsterSession::whole) == none
        ? null
        : row.parse(column, LobsterSession::price);
  }

  @Override
  public void close() {
    source.close();
  }
}
