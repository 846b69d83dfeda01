package dev.headwater.trading.feed;

import dev.headwater.event.Metadata;
import dev.headwater.trading.book.OrderBookCommand.OpenBook;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * NASDAQ order messages and top of book as LOBSTER publishes them, plain or gzipped.
 *
 * <p>A message file has no header; its columns are time (seconds after midnight in New York), type,
 * order id, size, price times 10,000 and direction of the resting order (1 buy, -1 sell). Types are
 * 1 new limit order, 2 reduction, 3 deletion, 4 execution, 5 execution of a hidden order; 6 (cross
 * trade) and 7 (halt) are ignored, because they name no order and change no book.
 */
public final class LobsterFile {
  /** Ticks and lots of all its instruments. */
  public static final OpenBook TERMS = new OpenBook(Price.parse("0.01"), Quantity.of(1));

  /** The actor of the commands that make the book of before the first message. */
  public static final String PRE_OPEN = "pre-open";

  private static final Pattern NAME =
      Pattern.compile("(?<symbol>[^_]+)_(?<date>\\d{4}-\\d{2}-\\d{2})_.*");

  private LobsterFile() {}

  /** What becomes of an execution. */
  public enum Executions {
    /** It happens to the order that the message names. */
    REPORTED,
    /**
     * It is the passive side of an order that came in and that the file does not show. Executions
     * of one time and direction make one immediate-or-cancel order of the opposite side at the last
     * of their prices, and the book decides with which orders it trades.
     */
    MATCHED
  }

  /**
   * How to read it.
   *
   * @param seed a CSV file with the orders that rested before the first message, header {@code
   *     order_id,min_size,price,direction,first_touched_at}
   * @param symbol null if the file's name begins with it
   * @param date null if it is the second part of the file's name
   * @param skipInvalid whether to count and skip lines that are not what the format says
   */
  public record Options(
      Executions executions,
      @Nullable Path seed,
      @Nullable String symbol,
      @Nullable LocalDate date,
      boolean skipInvalid) {
    /** Symbol and date from the file's name, no seed, an invalid line is an error. */
    public static Options of(Executions executions) {
      return new Options(executions, null, null, null, false);
    }

    /** The same with orders from before the first message. */
    public Options withSeed(Path newSeed) {
      return new Options(executions, newSeed, symbol, date, skipInvalid);
    }
  }

  /**
   * Opens a message file. The first command opens the book, then come the seed and the messages.
   *
   * @throws IllegalArgumentException if neither the file's name nor the options tell symbol and
   *     date
   * @throws java.io.UncheckedIOException if a file can't be read
   */
  public static CommandFeed open(Path messages, Options options) {
    LobsterSession session = session(messages, options);
    List<CommandFeed> feeds = new ArrayList<>();
    try {
      if (options.seed() != null) {
        feeds.add(feed(options.seed(), new LobsterSeedParser(session), options));
      }
      feeds.add(feed(messages, new LobsterMessageParser(session, options.executions()), options));
      return new JoinedFeed(List.of(session.open(TERMS)), feeds);
    } catch (RuntimeException e) {
      feeds.forEach(CommandFeed::close);
      throw e;
    }
  }

  /**
   * When trading begins; what the seed does to the book happens at that moment, the messages come
   * later.
   *
   * @throws IllegalArgumentException if neither the file's name nor the options tell symbol and
   *     date
   */
  public static Instant opening(Path messages, Options options) {
    return Metadata.atMicros(session(messages, options).openingMicros()).time();
  }

  private static CommandFeed feed(Path file, LineParser parser, Options options) {
    return new FileFeed(LineSource.open(file), parser, options.skipInvalid());
  }

  private static LobsterSession session(Path file, Options options) {
    Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
    boolean matches = name.matches();
    try {
      String symbol = options.symbol();
      LocalDate date = options.date();
      if (matches) {
        symbol = symbol == null ? name.group("symbol") : symbol;
        date = date == null ? LocalDate.parse(name.group("date")) : date;
      }
      if (symbol != null && date != null) {
        return new LobsterSession(symbol, date);
      }
    } catch (DateTimeException e) {
      // falls through to the error that shows the name
    }
    throw new IllegalArgumentException(
        "the name of "
            + file.getFileName()
            + " does not begin with <symbol>_<yyyy-mm-dd>_; give symbol and date as options");
  }

  /** Opens an order book file: the best level of each of its rows. To be closed. */
  public static BestBidOfferFeed openBestBidOffers(Path file) {
    return new BestBidOfferFeed(LineSource.open(file));
  }
}
