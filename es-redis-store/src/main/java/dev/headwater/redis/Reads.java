package dev.headwater.redis;

import dev.headwater.store.EventStoreException;
import dev.headwater.store.StoreUnavailableException;
import io.lettuce.core.api.StatefulRedisConnection;
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
import java.util.function.Supplier;

/**
 * Calls that change nothing, or nothing when they come twice: waited for, and made again while the
 * server starts or fails over.
 */
final class Reads implements AutoCloseable {
  private static final long BACKOFF_MILLIS = 20;

  private final RedisStoreOptions options;
  private final StatefulRedisConnection<byte[], byte[]> connection;
  private final ReadRounds rounds;

  Reads(RedisStoreOptions options, Connections connections) {
    this.options = options;
    this.connection = connections.openReplaying();
    this.rounds = new ReadRounds(connection);
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
        AsyncCommand<byte[], byte[], T> read =
            new AsyncCommand<>(new Command<>(command, output.get(), args));
        rounds.send(read);
        return await(read, deadline);
      } catch (ExecutionException | RuntimeException e) {
        Failure failure = Failure.of(e);
        if ((failure != Failure.PASSING && failure != Failure.NO_ANSWER)
            || System.nanoTime() > deadline
            || Thread.currentThread().isInterrupted()) {
          throw translated(command, args, Failure.unwrap(e));
        }
        pause();
      }
    }
  }

  private <T> T await(Future<T> reply, long deadline) throws ExecutionException {
    try {
      return reply.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      reply.cancel(true);
      throw new StoreUnavailableException(
          options + " did not answer within " + options.readTimeout().toMillis() + " ms", e);
    } catch (InterruptedException e) {
      reply.cancel(true);
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("interrupted while reading from " + options, e);
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
              options + " refuses (" + message + "); " + Failure.advice(message), failure);
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
    connection.close();
  }
}
