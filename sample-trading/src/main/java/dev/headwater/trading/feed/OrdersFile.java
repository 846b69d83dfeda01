package dev.headwater.trading.feed;

import dev.headwater.trading.book.OrderBookCommand.OpenBook;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Orders as CSV, plain or gzipped, with the header {@code
 * time,action,order_id,account,symbol,side,type,tif,price,quantity}. The columns may come in any
 * order; {@code time, action, order_id, symbol} must be there, the others only if an action of the
 * file needs them; an unknown column is an error.
 *
 * <table>
 * <caption>Columns</caption>
 * <tr><td>time</td><td>ISO-8601 with an offset, or nanoseconds since 1970 UTC</td></tr>
 * <tr><td>action</td><td>new, cancel, reduce or replace</td></tr>
 * <tr><td>account</td><td>may be empty; also names who gave the command</td></tr>
 * <tr><td>side</td><td>new: buy or sell</td></tr>
 * <tr><td>type</td><td>new: limit (if empty) or market</td></tr>
 * <tr><td>tif</td><td>new: day, gtc, ioc or fok; if empty day, for market orders ioc</td></tr>
 * <tr><td>price</td><td>new limit; replace: empty to keep the price</td></tr>
 * <tr><td>quantity</td><td>new; reduce: by how much; replace: the new total; cancel: what the sender
 * believes is left, or empty</td></tr>
 * </table>
 */
public final class OrdersFile {
  private OrdersFile() {}

  /**
   * How to read it.
   *
   * @param skipInvalid whether to count and skip lines that are not what the format says
   * @param open with what terms to open the book of each symbol when it first appears; null if the
   *     books are opened by other means
   */
  public record Options(boolean skipInvalid, @Nullable OpenBook open) {
    /** An invalid line is an error; books are opened by other means. */
    public static final Options STRICT = new Options(false, null);
  }

  /**
   * Opens it and checks its header.
   *
   * @throws MalformedLineException if the header is not the one above
   * @throws java.io.UncheckedIOException if the file can't be read
   */
  public static CommandFeed open(Path file, Options options) {
    LineSource source = LineSource.open(file);
    try {
      return new FileFeed(
          source, OrdersParser.afterHeader(source, options.open()), options.skipInvalid());
    } catch (RuntimeException e) {
      source.close();
      throw e;
    }
  }
}
