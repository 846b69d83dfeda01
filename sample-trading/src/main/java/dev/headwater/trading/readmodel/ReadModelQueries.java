package dev.headwater.trading.readmodel;

import dev.headwater.trading.market.BestBidOffer;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import dev.headwater.trading.readmodel.Summary.Candle;
import dev.headwater.trading.readmodel.Summary.Instrument;
import dev.headwater.trading.readmodel.Summary.Trade;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The questions that the sample asks its read models, in SQL. Thread-safe; each call uses a
 * connection of its own.
 */
public final class ReadModelQueries {
  private static final int VWAP_DECIMALS = 4;

  private final DataSource database;

  /** Queries of the database that the projections write. */
  public ReadModelQueries(DataSource database) {
    this.database = database;
  }

  /** The summary of the books of some symbols. */
  public Summary summary(Collection<String> symbols) {
    Map<String, Long> activity = activity(symbols);
    Map<String, Long> rejected = new TreeMap<>();
    long accepted = 0;
    for (Map.Entry<String, Long> measure : activity.entrySet()) {
      if (measure.getKey().startsWith(OrdersProjection.REJECTED)) {
        rejected.put(
            measure.getKey().substring(OrdersProjection.REJECTED.length()), measure.getValue());
      } else if (measure.getKey().startsWith(OrdersProjection.ACCEPTED)) {
        accepted += measure.getValue();
      }
    }
    Tape tape = tape(symbols);
    return new Summary(
        accepted + rejected.values().stream().mapToLong(Long::longValue).sum(),
        accepted,
        rejected,
        activity.getOrDefault(OrdersProjection.EVENTS, 0L),
        tape.trades,
        tape.quantity,
        tape.vwap,
        tape.high,
        tape.low,
        edgeTrade(symbols, "ASC"),
        edgeTrade(symbols, "DESC"),
        tape.hiddenTrades,
        tape.hiddenQuantity,
        openOrders(symbols),
        activity.getOrDefault(OrdersProjection.LEAVES_MISMATCHES, 0L),
        instruments(symbols),
        candles(symbols));
  }

  private record Tape(
      long trades,
      BigDecimal quantity,
      @Nullable BigDecimal vwap,
      @Nullable BigDecimal high,
      @Nullable BigDecimal low,
      long hiddenTrades,
      BigDecimal hiddenQuantity) {}

  private Map<String, Long> activity(Collection<String> symbols) {
    Map<String, Long> totals = new TreeMap<>();
    query(
        "SELECT measure, SUM(total) FROM activity WHERE symbol = ANY(?) GROUP BY measure",
        symbols,
        row -> totals.put(row.getString(1), row.getLong(2)));
    return totals;
  }

  private Tape tape(Collection<String> symbols) {
    return query(
            """
            SELECT COUNT(*) FILTER (WHERE NOT hidden),
                   COALESCE(SUM(quantity) FILTER (WHERE NOT hidden), 0),
                   SUM(price * quantity) FILTER (WHERE NOT hidden),
                   MAX(price) FILTER (WHERE NOT hidden),
                   MIN(price) FILTER (WHERE NOT hidden),
                   COUNT(*) FILTER (WHERE hidden),
                   COALESCE(SUM(quantity) FILTER (WHERE hidden), 0)
            FROM trades WHERE symbol = ANY(?)
            """,
            symbols,
            row -> {
              BigDecimal quantity = row.getBigDecimal(2);
              BigDecimal turnover = row.getBigDecimal(3);
              return new Tape(
                  row.getLong(1),
                  plain(quantity),
                  vwap(turnover, quantity),
                  plainOrNull(row.getBigDecimal(4)),
                  plainOrNull(row.getBigDecimal(5)),
                  row.getLong(6),
                  plain(row.getBigDecimal(7)));
            })
        .getFirst();
  }

  private @Nullable Trade edgeTrade(Collection<String> symbols, String direction) {
    return query(
            "SELECT symbol, traded_at, quantity, price FROM trades WHERE symbol = ANY(?) AND NOT"
                + " hidden ORDER BY traded_at "
                + direction
                + ", trade_no "
                + direction
                + ", symbol FETCH FIRST ROW ONLY",
            symbols,
            row ->
                new Trade(
                    row.getString(1),
                    time(row, 2),
                    plain(row.getBigDecimal(3)),
                    plain(row.getBigDecimal(4))))
        .stream()
        .findFirst()
        .orElse(null);
  }

  private long openOrders(Collection<String> symbols) {
    return query(
            "SELECT COUNT(*) FROM orders WHERE symbol = ANY(?) AND leaves > 0",
            symbols,
            row -> row.getLong(1))
        .getFirst();
  }

  private List<Instrument> instruments(Collection<String> symbols) {
    return query(
        """
        SELECT i.symbol, i.name, COALESCE(c.trades, 0), COALESCE(c.volume, 0), c.turnover, c.high, c.low,
               t.bid, t.bid_quantity, t.ask, t.ask_quantity
        FROM instruments i
        LEFT JOIN top_of_book t ON t.symbol = i.symbol
        LEFT JOIN (SELECT symbol, SUM(trades) AS trades, SUM(volume) AS volume, SUM(turnover) AS turnover,
                          MAX(high) AS high, MIN(low) AS low
                   FROM candles_1m GROUP BY symbol) c ON c.symbol = i.symbol
        WHERE i.symbol = ANY(?) ORDER BY i.symbol
        """,
        symbols,
        row ->
            new Instrument(
                row.getString(1),
                row.getString(2),
                row.getLong(3),
                plain(row.getBigDecimal(4)),
                vwap(row.getBigDecimal(5), row.getBigDecimal(4)),
                plainOrNull(row.getBigDecimal(6)),
                plainOrNull(row.getBigDecimal(7)),
                plainOrNull(row.getBigDecimal(8)),
                plainOrNull(row.getBigDecimal(9)),
                plainOrNull(row.getBigDecimal(10)),
                plainOrNull(row.getBigDecimal(11))));
  }

  private static @Nullable BigDecimal vwap(@Nullable BigDecimal turnover, BigDecimal quantity) {
    return turnover == null ? null : turnover.divide(quantity, VWAP_DECIMALS, RoundingMode.HALF_UP);
  }

  private List<Candle> candles(Collection<String> symbols) {
    return query(
        "SELECT symbol, minute_at, open, high, low, close, volume, trades FROM candles_1m WHERE"
            + " symbol = ANY(?) ORDER BY symbol, minute_at",
        symbols,
        row ->
            new Candle(
                row.getString(1),
                time(row, 2),
                plain(row.getBigDecimal(3)),
                plain(row.getBigDecimal(4)),
                plain(row.getBigDecimal(5)),
                plain(row.getBigDecimal(6)),
                plain(row.getBigDecimal(7)),
                row.getLong(8)));
  }

  /**
   * The best-bid/offer states of a symbol that came after a moment of the market's time, in order.
   */
  public List<BestBidOffer> bestBidOfferHistory(String symbol, Instant after) {
    return query(
        "SELECT bid, bid_quantity, ask, ask_quantity, changed_at FROM best_bid_offer WHERE symbol ="
            + " ANY(?) AND changed_at > TIMESTAMP WITH TIME ZONE '"
            + after
            + "' ORDER BY version",
        List.of(symbol),
        row -> new BestBidOffer(price(row, 1), quantity(row, 2), price(row, 3), quantity(row, 4)));
  }

  private static @Nullable Price price(ResultSet row, int column) throws SQLException {
    BigDecimal value = row.getBigDecimal(column);
    return value == null ? null : Price.parse(plain(value).toPlainString());
  }

  private static @Nullable Quantity quantity(ResultSet row, int column) throws SQLException {
    BigDecimal value = row.getBigDecimal(column);
    return value == null ? null : Quantity.parse(plain(value).toPlainString());
  }

  private static Instant time(ResultSet row, int column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static @Nullable BigDecimal plainOrNull(@Nullable BigDecimal value) {
    return value == null ? null : plain(value);
  }

  /** Without trailing zeros, and without an exponent. */
  private static BigDecimal plain(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  private interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private <T> List<T> query(String sql, Collection<String> symbols, RowReader<T> reader) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("VARCHAR", symbols.toArray()));
      List<T> rows = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          rows.add(reader.read(result));
        }
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException("the read models can't be queried: " + e.getMessage(), e);
    }
  }
}
