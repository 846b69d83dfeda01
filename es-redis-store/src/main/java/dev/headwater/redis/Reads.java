package dev.headwater.redis;

import dev.headwater.store.EventStoreException;
import dev.headwater.store.StoreUnavailableException;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls that change nothing, or nothing when they come twice: waited for, and made again while the
 * server starts or fails over.
 */
final class Reads implements AutoCloseable {
  private static final long BACKOFF_MILLIS = 20;

  private final RedisStoreOptions options;
  private final Connections connections;
  private final AtomicBoolean replacing = new AtomicBoolean();
  private volatile Way way;

  Reads(RedisStoreOptions options, Connections connections) {
    this.options = options;
    this.connections = connections;
    this.way = Way.over(connections.openLine(), connections);
  }

  /**
   * How calls are sent.
   *
   * @param rounds gathers them for a single server; on a cluster the nodes answer for themselves,
   *     and one that is silent must not hold up the others
   */
  private record Way(Line line, @Nullable ReadRounds rounds) {
    static Way over(Line line, Connections connections) {
      return new Way(line, connections.isSingle() ? new ReadRounds(line.connection()) : null);
    }

    <T> Future<T> send(
        CommandType command,
        CommandOutput<byte[], byte[], T> output,
        CommandArgs<byte[], byte[]> args) {
      if (rounds == null) {
        return line.commands().dispatch(command, output, args);
      }
      AsyncCommand<byte[], byte[], T> read =
          new AsyncCommand<>(new Command<>(command, output, args));
      rounds.send(read);
      return read;
    }
  }

  static CommandArgs<byte[], byte[]> args() {
    return new CommandArgs<>(ByteArrayCodec.INSTANCE);
  }

  /**
   * Calls and waits.
   *
   * @param output makes an empty output for each attempt
   */
  <T> T call(
      CommandType command,
      Supplier<? extends CommandOutput<byte[], byte[], T>> output,
      CommandArgs<byte[], byte[]> args) {
    long deadline = System.nanoTime() + options.readTimeout().toNanos();
    while (true) {
      try {
        Way current = way;
        return await(current, current.send(command, output.get(), args), deadline);
      } catch (ExecutionException | RuntimeException e) {
        if (Failure.unwrap(e) instanceof IllegalArgumentException unreadable) {
          throw new EventStoreException(
              options
                  + " holds something that this store has not written ("
                  + unreadable.getMessage()
                  + "), found by "
                  + command
                  + " "
                  + args.toCommandString(),
              unreadable);
        }
        if (!Failure.of(e).isPassing()
            || System.nanoTime() > deadline
            || Thread.currentThread().isInterrupted()) {
          throw translated(command, args, Failure.unwrap(e));
        }
        pause();
      }
    }
  }

  private <T> T await(Way asked, Future<T> reply, long deadline) throws ExecutionException {
    try {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      return reply.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      reply.cancel(true);
      replace(asked);
      throw new StoreUnavailableException(
          options + " did not answer within " + options.readTimeout().toMillis() + " ms", e);
    } catch (InterruptedException e) {
      reply.cancel(true);
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("interrupted while reading from " + options, e);
    }
  }

  /** Of a server that falls silent the connection stays open, while another one takes over. */
  @SuppressWarnings("ReferenceEquality") // that very one, or it was replaced already
  private void replace(Way silent) {
    if (replacing.compareAndSet(false, true)) { // opening takes long where nobody answers
      try {
        if (way == silent) {
          way = Way.over(connections.replace(silent.line()), connections);
        }
      } finally {
        replacing.set(false);
      }
    }
  }

  private EventStoreException translated(
      CommandType command, CommandArgs<byte[], byte[]> args, Throwable failure) {
    if (failure instanceof EventStoreException already) {
      return already;
    }
    String message = String.valueOf(failure.getMessage());
    return switch (Failure.of(failure)) {
      case WRONG_TYPE ->
          new EventStoreException(
              "a key of "
                  + options
                  + " holds something else than this store writes: "
                  + command
                  + " "
                  + args.toCommandString()
                  + " answered "
                  + message,
              failure);
      case REFUSED ->
          new StoreUnavailableException(
              options
                  + " refuses ("
                  + message
                  + "); "
                  + Failure.advice(message, options.namespace()),
              failure);
      case MOVED, ASK ->
          new StoreUnavailableException(
              options
                  + " is part of a cluster ("
                  + message
                  + "), which the user can't see: allow INFO, or use a redis-cluster:// URI",
              failure);
      case PASSING, NO_ANSWER ->
          new StoreUnavailableException(options + " is not available (" + message + ")", failure);
      default ->
          new EventStoreException(options + " answered " + command + ": " + message, failure);
    };
  }

  private static void pause() {
    try {
      Thread.sleep(BACKOFF_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    way.line().close();
  }
}
