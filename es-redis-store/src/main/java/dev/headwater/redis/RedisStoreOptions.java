package dev.headwater.redis;

import dev.headwater.store.Durability;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Where a store is and how patient its client is. Immutable; the {@code with} methods return
 * changed copies.
 *
 * @param uri {@code redis://[[user]:password@]host:port[/database]}, {@code rediss://} for TLS; a
 *     server that is part of a cluster stands for all of it, {@code
 *     redis-cluster://[[user]:password@]host:port,host:port} names several nodes to begin with;
 *     {@code
 *     redis-sentinel://[[user]:password@]host:port,host:port[/database]?sentinelMasterId=name}
 *     leads to the primary that the sentinels name; {@code rediss-cluster://} and {@code
 *     rediss-sentinel://} for TLS. Special characters in user and password are percent-encoded
 * @param namespace what the store's keys begin with: 1 to 50 letters, digits, {@code _ . -}
 * @param partitions how many partitions a store has that is created now; one that exists keeps its
 *     own number
 * @param connectTimeout how long a connection may take to open; like all durations here from 1 ms
 * @param readTimeout how long a read may take, reconnecting included, before {@link
 *     dev.headwater.store.StoreUnavailableException}
 * @param replyTimeout how long a reply to an append may be outstanding before the connection is
 *     given up and the same commits are sent again on another
 * @param appendDeadline how long an append is tried again before it fails
 * @param maxQueuedBytes how much may wait to be appended before further appends are refused with
 *     {@link dev.headwater.store.OverloadedException}; at least 1
 * @param durability the level at which events are appended where none is named
 * @param durabilityTimeout how long the server may take to get events onto its disk, and to its
 *     replicas, before an append that asks for that is answered as not durable; from 1 ms
 * @param tls whom to trust on {@code rediss://}, and as whom to come; without TLS in the URI its
 *     files are checked and not used
 * @param readOnly whether the store only reads: it then never sends a command that writes
 * @param commandWindow how many command ids each partition keeps at least, and recognises when they
 *     come again; a store that keeps more keeps its own number, 0 asks for none
 */
public record RedisStoreOptions(
    String uri,
    String namespace,
    int partitions,
    Duration connectTimeout,
    Duration readTimeout,
    Duration replyTimeout,
    Duration appendDeadline,
    long maxQueuedBytes,
    Durability durability,
    Duration durabilityTimeout,
    TlsOptions tls,
    boolean readOnly,
    int commandWindow) {

  /** How many command ids a partition keeps if nothing else is said. */
  public static final int DEFAULT_COMMAND_WINDOW = 4_096;

  private static final int MAX_COMMAND_WINDOW = 10_000_000;

  /** Validates. */
  public RedisStoreOptions {
    if (!namespace.matches("[A-Za-z0-9_.-]{1,50}")) {
      throw new IllegalArgumentException(
          "namespace must have 1 to 50 letters, digits, '_', '.' or '-', was: '" + namespace + "'");
    }
    if (partitions < 1 || partitions > 1024) {
      throw new IllegalArgumentException("partitions must be from 1 to 1024, was: " + partitions);
    }
    requireTime("connectTimeout", connectTimeout);
    requireTime("readTimeout", readTimeout);
    requireTime("replyTimeout", replyTimeout);
    requireTime("appendDeadline", appendDeadline);
    requireTime("durabilityTimeout", durabilityTimeout);
    if (maxQueuedBytes < 1) {
      throw new IllegalArgumentException(
          "maxQueuedBytes must be at least 1, was: " + maxQueuedBytes);
    }
    if (commandWindow < 0 || commandWindow > MAX_COMMAND_WINDOW) {
      throw new IllegalArgumentException(
          "commandWindow must be from 0 to " + MAX_COMMAND_WINDOW + ", was: " + commandWindow);
    }
    RedisAddress.parse(uri);
  }

  /** To Redis, and to the client, 0 means for ever. */
  private static void requireTime(String option, Duration time) {
    if (time.toMillis() < 1) {
      throw new IllegalArgumentException(option + " must be at least 1 ms, was: " + time);
    }
  }

  /**
   * Namespace {@code headwater}, 16 partitions, 5 seconds to connect, 10 for a read, 5 for a reply,
   * appends tried for 30, up to 64 MiB waiting, durability {@code MEMORY}, 2 seconds to reach
   * another one (with {@code appendfsync everysec} a disk confirms after up to one), {@link
   * TlsOptions#DEFAULT}, for writing, {@link #DEFAULT_COMMAND_WINDOW} command ids a partition.
   */
  public static RedisStoreOptions at(String uri) {
    return new RedisStoreOptions(
        uri,
        "headwater",
        16,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        64L << 20,
        Durability.memory(),
        Duration.ofSeconds(2),
        TlsOptions.DEFAULT,
        false,
        DEFAULT_COMMAND_WINDOW);
  }

  /** The servers that the URI names, with the name and the patience of this client. */
  RedisAddress servers() {
    RedisAddress servers = RedisAddress.parse(uri);
    for (RedisURI seed : servers.seeds()) {
      seed.setClientName("headwater");
      // Else each connection tells it, which servers that don't know or allow that put into their
      // log.
      seed.setLibraryName("");
      seed.setLibraryVersion("");
      seed.setTimeout(connectTimeout);
    }
    return servers;
  }

  /** Host and port, for messages. */
  String address() {
    return RedisAddress.parse(uri).toString();
  }

  /** The same with another namespace. */
  public RedisStoreOptions withNamespace(String newNamespace) {
    return changed(draft -> draft.namespace = newNamespace);
  }

  /** The same with another number of partitions for a store that is created now. */
  public RedisStoreOptions withPartitions(int newPartitions) {
    return changed(draft -> draft.partitions = newPartitions);
  }

  /** The same with other limits of patience. */
  public RedisStoreOptions withTimeouts(
      Duration newConnect, Duration newRead, Duration newReply, Duration newAppendDeadline) {
    return changed(
        draft -> {
          draft.connectTimeout = newConnect;
          draft.readTimeout = newRead;
          draft.replyTimeout = newReply;
          draft.appendDeadline = newAppendDeadline;
        });
  }

  /** The same with another limit for what waits to be appended. */
  public RedisStoreOptions withMaxQueuedBytes(long newMaxQueuedBytes) {
    return changed(draft -> draft.maxQueuedBytes = newMaxQueuedBytes);
  }

  /** The same with another level of durability. */
  public RedisStoreOptions withDurability(Durability newDurability) {
    return withDurability(newDurability, durabilityTimeout);
  }

  /** The same with another level of durability, and patience until it is reached. */
  public RedisStoreOptions withDurability(Durability newDurability, Duration newTimeout) {
    return changed(
        draft -> {
          draft.durability = newDurability;
          draft.durabilityTimeout = newTimeout;
        });
  }

  /** The same with other certificates. */
  public RedisStoreOptions withTls(TlsOptions newTls) {
    return changed(draft -> draft.tls = newTls);
  }

  /**
   * The same for a store that exists and is only read, as by an auditor: it needs no right to
   * write, refuses appends, and subscribes without a consumer group.
   */
  public RedisStoreOptions forReading() {
    return changed(draft -> draft.readOnly = true);
  }

  /**
   * The same with another number of command ids that each partition keeps at least. It keeps up to
   * twice as many, for about 130 bytes each. The largest number that any process has asked for
   * holds, also for those that ask for less.
   */
  public RedisStoreOptions withCommandWindow(int newCommandWindow) {
    return changed(draft -> draft.commandWindow = newCommandWindow);
  }

  /** Without the credentials in the URI. */
  @Override
  public String toString() {
    return "store " + namespace + " at " + address();
  }

  private RedisStoreOptions changed(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.finished();
  }

  /** The components, open to change. */
  private static final class Draft {
    private final String uri;
    private String namespace;
    private int partitions;
    private Duration connectTimeout;
    private Duration readTimeout;
    private Duration replyTimeout;
    private Duration appendDeadline;
    private long maxQueuedBytes;
    private Durability durability;
    private Duration durabilityTimeout;
    private TlsOptions tls;
    private boolean readOnly;
    private int commandWindow;

    Draft(RedisStoreOptions options) {
      uri = options.uri;
      namespace = options.namespace;
      partitions = options.partitions;
      connectTimeout = options.connectTimeout;
      readTimeout = options.readTimeout;
      replyTimeout = options.replyTimeout;
      appendDeadline = options.appendDeadline;
      maxQueuedBytes = options.maxQueuedBytes;
      durability = options.durability;
      durabilityTimeout = options.durabilityTimeout;
      tls = options.tls;
      readOnly = options.readOnly;
      commandWindow = options.commandWindow;
    }

    RedisStoreOptions finished() {
      return new RedisStoreOptions(
          uri,
          namespace,
          partitions,
          connectTimeout,
          readTimeout,
          replyTimeout,
          appendDeadline,
          maxQueuedBytes,
          durability,
          durabilityTimeout,
          tls,
          readOnly,
          commandWindow);
    }
  }
}
