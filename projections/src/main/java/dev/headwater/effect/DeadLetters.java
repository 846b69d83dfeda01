package dev.headwater.effect;

import dev.headwater.codec.EventCodec;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.readmodel.ReadModelException;
import dev.headwater.readmodel.internal.OneLine;
import dev.headwater.store.ReadStream;
import dev.headwater.store.ReadStream.Direction;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/**
 * What to do about the events that an effect gave up on. For operators; runners of the effect may
 * run meanwhile, here or elsewhere. Thread-safe.
 *
 * <p>While a stream has a dead letter, its later events wait behind it, so that the effect happens
 * in the order of the stream.
 */
public final class DeadLetters {
  /** A handler that takes longer than that may be called by somebody else meanwhile. */
  private static final Duration CLAIM = Duration.ofMinutes(10);

  private final DeadLetterTable table;
  private final EffectDispatcher dispatcher;
  private final ReadStream store;

  /** Those of one effect. */
  public DeadLetters(Effect effect, ReadStream store, EventCodec codec, DataSource database) {
    this.table = new DeadLetterTable(effect.name(), database);
    this.dispatcher = new EffectDispatcher(codec, effect);
    this.store = store;
  }

  /** What came of a retry. */
  public sealed interface Retried {
    /** That many events of the stream have had their effect; none waits any more. */
    record Done(int events) implements Retried {}

    /** That many have, then this one failed again; it and those behind it stay. */
    record FailedAgain(int events, DeadLetter letter, String error) implements Retried {}

    /** Somebody else is trying this one. */
    record UnderWay(int events, DeadLetter letter) implements Retried {}
  }

  private interface Sql<T> {
    T run() throws SQLException;
  }

  /** All, in the order of streams and versions. */
  public List<DeadLetter> list() {
    return sql(() -> table.list(null));
  }

  /** Those of a stream, in the order of versions. */
  public List<DeadLetter> of(StreamId stream) {
    return sql(() -> table.list(stream));
  }

  /**
   * The event of a letter, as it is stored.
   *
   * @throws IllegalStateException if the store does not have it any more
   */
  public RecordedEvent event(DeadLetter letter) {
    return store.read(letter.stream(), letter.version(), Direction.FORWARD, 1).stream()
        .filter(event -> event.version() == letter.version())
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "version " + letter.version() + " of " + letter.stream() + " is gone"));
  }

  /**
   * Tries the letters of a stream, in order, until one fails.
   *
   * @param who decided that, for the records
   */
  public Retried retry(StreamId stream, String who) {
    int done = 0;
    while (true) {
      List<DeadLetter> letters = of(stream);
      if (letters.isEmpty()) {
        return new Retried.Done(done);
      }
      DeadLetter letter = letters.getFirst();
      if (!sql(() -> table.claim(letter, CLAIM))) {
        return new Retried.UnderWay(done, letter);
      }
      try {
        dispatcher.dispatch(event(letter));
      } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
        if (e instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        String error = OneLine.of(e);
        sql(
            () -> {
              table.failed(letter, error);
              return true;
            });
        return new Retried.FailedAgain(done, letter, error);
      }
      sql(() -> table.remove(letter, "retried", who, "it succeeded"));
      done++;
    }
  }

  /**
   * Gives up a letter for good: the event has no effect. Those behind it have theirs when they are
   * retried.
   *
   * @param who decided that
   * @param why for the records
   * @return false if there is no such letter
   */
  public boolean drop(DeadLetter letter, String who, String why) {
    if (who.isBlank() || why.isBlank()) {
      throw new IllegalArgumentException("who drops a dead letter, and why, must be told");
    }
    return sql(() -> table.remove(letter, "dropped", who, why));
  }

  private static <T> T sql(Sql<T> sql) {
    try {
      return sql.run();
    } catch (SQLException e) {
      throw new ReadModelException("dead letters can't be read or changed: " + OneLine.of(e), e);
    }
  }
}
