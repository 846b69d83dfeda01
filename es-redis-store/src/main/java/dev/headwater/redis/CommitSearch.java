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

/** Finds commits by their ids, among those that their partition keeps. */
final class CommitSearch {
  private final Reads reads;
  private final Keys keys;
  private final Epochs epochs;

  CommitSearch(Reads reads, Keys keys, Epochs epochs) {
    this.reads = reads;
    this.keys = keys;
    this.epochs = epochs;
  }

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

  private Optional<Receipt> receipt(int partition, StreamId stream, String commitId, String kept) {
    String[] parts = kept.split("\\|");
    if (parts.length != 4) {
      throw new EventStoreException(
          "partition "
              + partition
              + " keeps commit "
              + commitId
              + " as '"
              + kept
              + "'; something else than this store wrote to it");
    }
    long first = Long.parseLong(parts[0]);
    long last = first + Long.parseLong(parts[1]) - 1;
    Position position =
        new Position(partition, epochs.of(partition), Long.parseLong(parts[2]), parts[3]);
    List<LogEntry> entries =
        reads.call(
            CommandType.XRANGE,
            LogReply::new,
            Reads.args().addKey(keys.log(partition)).add(parts[3]).add(parts[3]));
    return entries.stream()
        .filter(entry -> entry.stream().equals(stream.toString()))
        .map(entry -> new Receipt(stream, first, last, position, true, Durability.memory()))
        .findFirst();
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
