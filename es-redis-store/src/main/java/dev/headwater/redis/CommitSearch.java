package dev.headwater.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headwater.event.Position;
import dev.headwater.event.StreamId;
import dev.headwater.store.Durability;
import dev.headwater.store.EventStoreException;
import dev.headwater.store.Receipt;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ByteArrayOutput;
import io.lettuce.core.protocol.CommandType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds where commits were stored: by ids that their partition keeps, or by one of the events. */
final class CommitSearch {
  private final Reads reads;
  private final Keys keys;
  private final Epochs epochs;
  private final LogSearch log;

  CommitSearch(Reads reads, Keys keys, Epochs epochs) {
    this.reads = reads;
    this.keys = keys;
    this.epochs = epochs;
    this.log = new LogSearch(reads, keys);
  }

  /** Empty if the id is not kept, or is another stream's. */
  Optional<Receipt> find(StreamId stream, String commitId) {
    int partition = keys.partitionOf(stream);
    byte[] id = commitId.getBytes(UTF_8);
    // In this order: ids move from the first to the second, never back.
    String kept = get(keys.ids(partition), id);
    if (kept == null) {
      kept = get(keys.idsBefore(partition), id);
    }
    return kept == null ? Optional.empty() : receipt(partition, stream, commitId, kept);
  }

  /** Of a commit that is known to have stored this version of the stream. */
  Receipt find(StreamId stream, String commitId, long version) {
    int partition = keys.partitionOf(stream);
    return receipt(partition, stream, commitId, log.find(partition, stream, version))
        .orElseThrow(
            () ->
                new EventStoreException(
                    "version "
                        + version
                        + " of "
                        + stream
                        + " was commit "
                        + commitId
                        + "'s, and is no more: something else than this store wrote to it"));
  }

  private Optional<Receipt> receipt(int partition, StreamId stream, String commitId, String logId) {
    if (!logId.matches("\\d+-\\d+")) {
      throw new EventStoreException(
          "partition "
              + partition
              + " keeps commit "
              + commitId
              + " as '"
              + logId
              + "'; something else than this store wrote to it");
    }
    List<LogEntry> entries =
        reads.call(
            CommandType.XRANGE,
            LogReply::new,
            Reads.args().addKey(keys.log(partition)).add(logId).add(logId));
    return entries.stream()
        .flatMap(entry -> entry.references().stream())
        .filter(reference -> reference.stream().equals(stream.toString()))
        .flatMap(reference -> receipt(partition, stream, commitId, reference).stream())
        .findFirst();
  }

  /** Of a commit that is among those that a reference is for; each is so once. */
  private Optional<Receipt> receipt(
      int partition, StreamId stream, String commitId, LogReference reference) {
    List<EntriesReply.Entry> events =
        reads.call(
            CommandType.XRANGE,
            () -> new EntriesReply('c'),
            Reads.args()
                .addKey(keys.stream(partition, Keys.name(stream)))
                .add(reference.first())
                .add(reference.lastVersion()));
    long[] versions =
        events.stream()
            .filter(event -> event.value().equals(commitId))
            .mapToLong(event -> Long.parseLong(event.id(), 0, event.id().indexOf('-'), 10))
            .toArray();
    if (versions.length == 0) {
      return Optional.empty();
    }
    long last = versions[versions.length - 1];
    long sequence = reference.sequence() + last - reference.first();
    Position position = new Position(partition, epochs.of(partition), sequence, reference.logId());
    return Optional.of(new Receipt(stream, versions[0], last, position, true, Durability.memory()));
  }

  private @Nullable String get(byte[] key, byte[] field) {
    byte @Nullable [] value =
        reads.call(
            CommandType.HGET,
            () -> new ByteArrayOutput<>(ByteArrayCodec.INSTANCE),
            Reads.args().addKey(key).add(field));
    return value == null ? null : new String(value, UTF_8);
  }
}
