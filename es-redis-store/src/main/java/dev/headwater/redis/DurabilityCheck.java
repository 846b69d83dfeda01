package dev.headwater.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.headwater.store.Durability;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ArrayOutput;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.ValueListOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server how durable is what one connection has written, by what that server can do:
 *
 * <ul>
 *   <li>{@code CONFIG GET} tells that {@code appendfsync} is {@code always}: then the server
 *       answers no command before all that it executed is on its disk. Blocks nothing.
 *   <li>{@code WAITAOF} (Redis 7.2, Valkey) waits for the disk, whatever {@code appendfsync} is.
 *   <li>{@code WAIT} waits for replicas.
 * </ul>
 *
 * <p>Nothing is taken for known of the server: settings change, and behind an address another
 * server may answer after a reconnect. What worked last is only tried first.
 */
final class DurabilityCheck {
  /** Lettuce has no name for it. */
  private static final ProtocolKeyword WAITAOF =
      new ProtocolKeyword() {
        @Override
        public byte[] getBytes() {
          return toString().getBytes(US_ASCII);
        }

        @Override
        public String toString() {
          return "WAITAOF";
        }
      };

  private final StatefulRedisConnection<byte[], byte[]> connection;
  private final RedisStoreOptions options;
  private final AtomicInteger changes = new AtomicInteger();
  private volatile boolean fsyncsAlways = true;

  DurabilityCheck(StatefulRedisConnection<byte[], byte[]> connection, RedisStoreOptions options) {
    this.connection = connection;
    this.options = options;
    connection.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisConnected(RedisChannelHandler<?, ?> handler, SocketAddress address) {
            changes.incrementAndGet();
          }

          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
            changes.incrementAndGet();
          }
        });
  }

  /**
   * Changes whenever the connection is lost or made again. Behind a lost one may be another server,
   * which knows nothing of what was written before.
   */
  int incarnation() {
    return changes.get();
  }

  /** Whether the server will hold back what is sent on the connection until it has answered. */
  boolean blocks(Durability level) {
    return level.replicas() > 0 || !fsyncsAlways;
  }

  /** Fails if the connection does. */
  CompletableFuture<Proof> prove(Durability level) {
    CompletableFuture<String> local = fsyncsAlways ? always(false) : waitForDisk(false);
    CompletableFuture<Long> replicas = waitForReplicas(level.replicas());
    return local.thenCombine(replicas, (missing, count) -> proof(level, missing, count));
  }

  private Proof proof(Durability level, String missing, long count) {
    if (!missing.isEmpty()) {
      return new Proof(Durability.memory(), options + " can't prove " + level + ": " + missing);
    }
    Durability reached =
        count > 0 ? Durability.replicated(Math.toIntExact(count)) : Durability.local();
    return new Proof(
        reached,
        reached.isAtLeast(level)
            ? ""
            : count
                + " of "
                + level.replicas()
                + " replicas of "
                + options
                + " confirmed within "
                + options.durabilityTimeout().toMillis()
                + " ms: start more replicas, or see their links by INFO replication");
  }

  /** Gives what is missing, empty for nothing. */
  private CompletableFuture<String> always(boolean last) {
    return answer(
            CommandType.CONFIG,
            new ValueListOutput<>(ByteArrayCodec.INSTANCE),
            Reads.args().add("GET").add("*append*"))
        .thenCompose(
            answer -> {
              List<@Nullable String> settings =
                  answer.value() == null ? List.of() : StoreLayout.texts(answer.value());
              String appendOnly = valueOf(settings, "appendonly");
              String fsync = valueOf(settings, "appendfsync");
              String notOnRewrite = valueOf(settings, "no-appendfsync-on-rewrite");
              fsyncsAlways =
                  "yes".equals(appendOnly) && "always".equals(fsync) && !"yes".equals(notOnRewrite);
              if (fsyncsAlways) {
                return CompletableFuture.completedFuture("");
              }
              String found =
                  answer.value() == null
                      ? refusal(CommandType.CONFIG, answer.error())
                      : "appendonly is "
                          + appendOnly
                          + " and appendfsync is "
                          + fsync
                          + ("yes".equals(notOnRewrite)
                              ? " and no-appendfsync-on-rewrite is yes"
                              : "");
              return last
                  ? CompletableFuture.completedFuture(found)
                  : waitForDisk(true).thenApply(missing -> both(missing, found));
            });
  }

  private CompletableFuture<String> waitForDisk(boolean last) {
    return answer(
            WAITAOF,
            new ArrayOutput<>(ByteArrayCodec.INSTANCE),
            Reads.args().add(1).add(0).add(options.durabilityTimeout().toMillis()))
        .thenCompose(
            answer -> {
              List<Object> counts = answer.value();
              if (counts != null && counts.getFirst() instanceof Long local && local > 0) {
                return CompletableFuture.completedFuture("");
              }
              String found =
                  counts == null
                      ? refusal(WAITAOF, answer.error())
                      : "its disk did not confirm within "
                          + options.durabilityTimeout().toMillis()
                          + " ms";
              return last
                  ? CompletableFuture.completedFuture(found)
                  : always(true).thenApply(missing -> both(missing, found));
            });
  }

  private static String refusal(ProtocolKeyword command, String error) {
    return error.contains("unknown command")
        ? "it has no " + command
        : command + " answers '" + error + "'";
  }

  private static String both(String missing, String found) {
    return missing.isEmpty()
        ? ""
        : found + "; " + missing + "; set appendonly yes and appendfsync always";
  }

  private CompletableFuture<Long> waitForReplicas(int count) {
    if (count == 0) {
      return CompletableFuture.completedFuture(0L);
    }
    return answer(
            CommandType.WAIT,
            new IntegerOutput<>(ByteArrayCodec.INSTANCE),
            Reads.args().add(count).add(options.durabilityTimeout().toMillis()))
        .thenApply(answer -> answer.value() == null ? 0L : answer.value());
  }

  /** Writes something and changes nothing, so that what is asked next covers all before it. */
  CompletableFuture<Void> touch(byte[] head) {
    return answer(
            CommandType.HSET,
            new IntegerOutput<>(ByteArrayCodec.INSTANCE),
            Reads.args().addKey(head).add("barrier").add(0))
        .thenAccept(
            answer -> {
              if (answer.value() == null) {
                throw new RedisCommandExecutionException(answer.error());
              }
            });
  }

  /** An error is an answer too; a lost connection is none. */
  private <T> CompletableFuture<Answer<T>> answer(
      ProtocolKeyword command,
      CommandOutput<byte[], byte[], T> output,
      CommandArgs<byte[], byte[]> args) {
    try {
      return connection
          .async()
          .dispatch(command, output, args)
          .toCompletableFuture()
          .<Answer<T>>handle(
              (value, failure) -> {
                if (failure == null) {
                  return new Answer<>(value, "");
                }
                Throwable cause = Failure.unwrap(failure);
                if (cause instanceof RedisCommandExecutionException error) {
                  return new Answer<>(null, String.valueOf(error.getMessage()));
                }
                throw new CompletionException(cause);
              });
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static String valueOf(List<@Nullable String> settings, String name) {
    int at = settings.indexOf(name);
    return at < 0 || at + 1 >= settings.size() ? "unknown" : String.valueOf(settings.get(at + 1));
  }

  private record Answer<T>(@Nullable T value, String error) {}
}
