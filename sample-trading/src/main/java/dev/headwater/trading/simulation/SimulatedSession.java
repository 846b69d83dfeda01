package dev.headwater.trading.simulation;

import dev.headwater.event.Metadata;
import dev.headwater.trading.book.OrderBookCommand;
import dev.headwater.trading.feed.TimedCommand;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;

/**
 * The commands of a simulated session: first one that opens each book, then as many as were asked
 * for, spread over the instruments. Orders of all kinds, cancellations, reductions and
 * replacements, and some mistakes that the books reject. Ids of commands and orders begin with the
 * seed, so that sessions of different seeds can follow each other in one store. Not thread-safe.
 */
public final class SimulatedSession implements Iterator<TimedCommand> {
  private static final Instant START = Instant.parse("2026-01-05T14:30:00Z");
  private static final int MOST_MICROS_BETWEEN = 20_000;

  private final long seed;
  private final long total;
  private final Random random; // of all generators, its sequence is specified for ever
  private final List<SimulatedMarket> markets = new ArrayList<>();
  private long given;
  private long micros = Metadata.micros(START);

  /** A session of {@code commands} commands after those that open the books. */
  public SimulatedSession(long seed, long commands) {
    this.seed = seed;
    this.total = commands + Listing.ALL.size();
    this.random = new Random(seed);
    Listing.ALL.forEach(listing -> markets.add(new SimulatedMarket(listing, random)));
  }

  /** The instruments, the same in every session. */
  public static List<Listing> listings() {
    return Listing.ALL;
  }

  @Override
  public boolean hasNext() {
    return given < total;
  }

  @Override
  public TimedCommand next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    String id = seed + "-" + given;
    SimulatedMarket market;
    OrderBookCommand command;
    if (given < markets.size()) {
      market = markets.get((int) given);
      command = market.opening();
    } else {
      market = markets.get(random.nextInt(markets.size()));
      command = market.next(id);
      micros += 1 + random.nextInt(MOST_MICROS_BETWEEN);
    }
    given++;
    market.handle(command);
    return new TimedCommand("sim-" + id, micros, market.symbol(), command, market.actor(command));
  }
}
