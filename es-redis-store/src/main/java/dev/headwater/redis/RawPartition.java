package dev.headwater.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headwater.redis.check.StoredPartition;
import dev.headwater.store.EventStoreException;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.KeyScanOutput;
import io.lettuce.core.protocol.CommandType;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads a partition for {@link StoreCheck}. */
final class RawPartition implements StoredPartition {
  private static final int SCAN = 1_000;

  private final Reads reads;
  private final Keys keys;
  private final int number;

  RawPartition(Reads reads, Keys keys, int number) {
    this.reads = reads;
    this.keys = keys;
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }

  @Override
  public Optional<Head> head() {
    return StoreLayout.storedHead(reads, keys, number);
  }

  @Override
  public List<Reference> log(String after, int limit) {
    return range(keys.log(number), 'r', after, limit).stream()
        .flatMap(entry -> references(entry.id(), entry.value()))
        .toList();
  }

  private static Stream<Reference> references(String id, String text) {
    try {
      return LogEntry.parse(id, text).references().stream()
          .map(of -> new Reference(id, text, of.sequence(), of.stream(), of.first(), of.count()));
    } catch (EventStoreException e) {
      return Stream.of(new Reference(id, text, 0, "", 0, 0));
    }
  }

  @Override
  public List<StoredEvent> stream(String name, String after, int limit) {
    return range(keys.stream(number, name.getBytes(UTF_8)), 'c', after, limit).stream()
        .map(entry -> new StoredEvent(entry.id(), entry.value()))
        .toList();
  }

  private List<EntriesReply.Entry> range(byte[] key, char field, String after, int limit) {
    return reads.call(
        CommandType.XRANGE,
        () -> new EntriesReply(field),
        Reads.args().addKey(key).add("(" + after).add("+").add("COUNT").add(limit));
  }

  @Override
  public Streams streams(String cursor) {
    String prefix = new String(keys.stream(number, new byte[0]), UTF_8);
    KeyScanCursor<byte[]> found =
        reads.call(
            CommandType.SCAN,
            () -> new KeyScanOutput<>(ByteArrayCodec.INSTANCE),
            Reads.args()
                .add(cursor)
                .add("MATCH")
                .addKey((prefix + "*").getBytes(UTF_8)) // so a cluster asks the partition's node
                .add("COUNT")
                .add(SCAN)
                .add("TYPE")
                .add("stream"));
    return new Streams(
        found.getCursor(),
        found.getKeys().stream()
            .map(key -> new String(key, UTF_8).substring(prefix.length()))
            .toList());
  }
}
