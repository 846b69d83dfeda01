package dev.headwater.trading.venue;

import dev.headwater.aggregate.CommandOutcome;
import dev.headwater.axon.CommandMessages;
import dev.headwater.event.Metadata;
import dev.headwater.trading.book.OrderBookCommand;
import dev.headwater.trading.book.OrderBookCommand.OpenBook;
import dev.headwater.trading.feed.TimedCommand;
import dev.headwater.trading.instrument.InstrumentCommand.ListInstrument;
import dev.headwater.trading.instrument.InstrumentEvent.InstrumentListed;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.axonframework.messaging.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.core.Message;
import org.jspecify.annotations.Nullable;

/**
 * Sends the commands of a feed through the command gateway in their order, many under way at a
 * time, and waits for all of them. Used once, by one thread.
 */
public final class CommandRun {
  /**
   * How many commands may be unanswered; bounds memory, and is far more than one round trip can
   * use.
   */
  private static final int WINDOW = 4_096;

  private static final int PROGRESS_EVERY = 256;

  private final Venue venue;
  private final CommandGateway gateway;
  private final Map<String, String> names;
  private final LongConsumer progress;
  private final Semaphore window = new Semaphore(WINDOW);
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong handledBefore = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final Set<String> symbols = new TreeSet<>();

  /**
   * A run.
   *
   * @param names of instruments that are not listed yet, by symbol; others are named by their
   *     symbol
   * @param progress is told, now and then, how many commands have been sent
   */
  public CommandRun(Venue venue, Map<String, String> names, LongConsumer progress) {
    this.venue = venue;
    this.gateway = venue.commands();
    this.names = Map.copyOf(names);
    this.progress = progress;
  }

  /**
   * What came of a run.
   *
   * @param commands sent ones
   * @param events stored by them
   * @param handledBefore those that an earlier run had sent already
   * @param symbols the books that they were for
   */
  public record Result(
      long commands, long events, long handledBefore, Set<String> symbols, double seconds) {}

  /**
   * Sends all commands.
   *
   * @throws RuntimeException the first failure of the feed or of the store, after everything that
   *     was sent is settled
   */
  public Result send(Iterator<TimedCommand> feed) {
    long start = System.nanoTime();
    long sent = 0;
    try {
      while (failure.get() == null && feed.hasNext()) {
        TimedCommand command = feed.next();
        send(
            command,
            command.command() instanceof OpenBook open ? listed(command, open) : command.command());
        symbols.add(command.symbol());
        if (++sent % PROGRESS_EVERY == 0) {
          progress.accept(sent);
        }
      }
    } finally {
      window.acquireUninterruptibly(WINDOW);
      throwFailure(); // also where the feed has failed: what it says of the commands before would
      // be wrong
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Result(sent, events.get(), handledBefore.get(), symbols, seconds);
  }

  @SuppressWarnings("Finally")
  private void throwFailure() {
    Throwable failed = failure.get();
    if (failed != null) {
      throw new IllegalStateException(
          failed.getMessage()
              + "\nWhat is stored stays; run the same command again to go on, nothing is doubled.",
          failed);
    }
  }

  /**
   * A book is opened on the terms on which its instrument is listed. Where it is not, it is listed
   * on those of the command; an earlier listing wins, so that a file can go on with an instrument
   * of finer or coarser ticks.
   */
  private OpenBook listed(TimedCommand command, OpenBook open) {
    String symbol = command.symbol();
    InstrumentListed listing = venue.instruments().history().latest(symbol).state().listing();
    if (listing != null) {
      return new OpenBook(listing.tickSize(), listing.lotSize());
    }
    ListInstrument list =
        new ListInstrument(names.getOrDefault(symbol, symbol), open.tickSize(), open.lotSize());
    Object outcome =
        gateway.sendAndWait(
            CommandMessages.of(symbol, "list-" + command.commandId(), metadata(command), list));
    if (outcome instanceof CommandOutcome.Rejected<?> rejected) {
      throw new IllegalArgumentException(
          "instrument "
              + symbol
              + " can't be listed: "
              + rejected.code()
              + ": "
              + rejected.message());
    }
    return open;
  }

  private void send(TimedCommand timed, OrderBookCommand command) {
    window.acquireUninterruptibly();
    var unused =
        gateway
            .send(CommandMessages.of(timed.symbol(), timed.commandId(), metadata(timed), command))
            .getResultMessage()
            .whenComplete(this::answered);
  }

  private static Metadata metadata(TimedCommand command) {
    return Metadata.atMicros(command.occurredAtMicros()).withActor(command.actor());
  }

  private void answered(@Nullable Message result, @Nullable Throwable failed) {
    if (failed != null) {
      failure.compareAndSet(
          null, failed instanceof CompletionException wrapped ? wrapped.getCause() : failed);
    } else if (result != null && result.payload() instanceof CommandOutcome<?> outcome) {
      switch (outcome) {
        case CommandOutcome.Accepted<?> accepted -> events.addAndGet(accepted.events().size());
        case CommandOutcome.AlreadyHandled<?> already -> handledBefore.incrementAndGet();
        case CommandOutcome.NotDurable<?> notDurable ->
            failure.compareAndSet(null, new IllegalStateException(notDurable.reason()));
        case CommandOutcome.Rejected<?> rejected ->
            failure.compareAndSet(
                null, new IllegalStateException(rejected.code() + ": " + rejected.message()));
        case CommandOutcome.Unchanged<?> unchanged -> {}
      }
    }
    window.release();
  }
}
