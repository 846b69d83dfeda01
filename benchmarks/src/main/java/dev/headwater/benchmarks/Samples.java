package dev.headwater.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.Decider;
import dev.headwater.aggregate.RuntimeOptions;
import dev.headwater.aggregate.SnapshotPolicy;
import dev.headwater.aggregate.Snapshots;
import dev.headwater.codec.EventCodec;
import dev.headwater.codec.StateCodec;
import dev.headwater.event.EventType;
import dev.headwater.event.Metadata;
import dev.headwater.event.NewEvent;
import dev.headwater.event.StreamId;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.store.Commit;
import dev.headwater.store.ExpectedVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Commits of a realistic size. */
final class Samples {
  private static final int EVENT_BYTES = 270;
  private static final String START =
      "{\"side\":\"BUY\",\"price\":101250,\"quantity\":300,\"note\":\"";
  private static final EventType TYPE = new EventType("OrderPlaced", 1);

  private Samples() {}

  private static final Metadata METADATA =
      Metadata.atMicros(1_700_000_000_000_000L).withActor("trader-17");
  private static final String METADATA_TEXT = new String(METADATA.toJson(), UTF_8);
  static final StateCodec<Long> STATE = StateCodec.json("Order", 1, Long.class);
  private static final byte[] PAYLOAD = payload(EVENT_BYTES);

  /** The JSON of an event, of so many bytes. */
  static byte[] payload(int bytes) {
    return (START + padding(bytes) + "\"}").getBytes(UTF_8);
  }

  /** The payload of an event that has so many bytes with its type and metadata. */
  static byte[] payloadOfRaw(int bytes) {
    return payload(bytes - TYPE.toString().length() - METADATA_TEXT.length());
  }

  private static String padding(int bytes) {
    return "x".repeat(bytes - START.length() - 2);
  }

  static StreamId newOrder() {
    return new StreamId("Order", newId());
  }

  static Commit commit(StreamId stream, long version) {
    return commit(newId(), stream, version, PAYLOAD);
  }

  static Commit commit(String id, StreamId stream, long version, byte[] payload) {
    return commit(id, stream, version, 1, payload);
  }

  /** So many equal events behind that version. */
  static Commit commit(String id, StreamId stream, long version, int count, byte[] payload) {
    return new Commit(
        id,
        stream,
        ExpectedVersion.exactly(version),
        METADATA,
        Collections.nCopies(count, new NewEvent(TYPE, payload)));
  }

  /** The fields of a stored event. */
  static Map<String, String> rawEvent(String id, byte[] payload) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("c", id);
    fields.put("t", TYPE.toString());
    fields.put("m", METADATA_TEXT);
    fields.put("d", new String(payload, UTF_8));
    return fields;
  }

  /** The bare write of an event. */
  static List<String> rawAppend(String key) {
    List<String> words = new ArrayList<>(List.of("XADD", key, "*"));
    rawEvent(newId(), PAYLOAD).forEach((field, value) -> words.addAll(List.of(field, value)));
    return words;
  }

  /** An aggregate that takes one kind of command and stores the event of 270 bytes for it. */
  static AggregateRuntime<Placed, Long, Placed> orders(RedisEventStore store) {
    EventCodec codec = EventCodec.builder().event("OrderPlaced", 1, Placed.class).build();
    return AggregateRuntime.create(
        "Order", new Orders(), Placed.class, codec, store, RuntimeOptions.DEFAULT);
  }

  /** The same, loaded from snapshots; none is written. */
  static AggregateRuntime<Placed, Long, Placed> ordersWithSnapshots(RedisEventStore store) {
    EventCodec codec = EventCodec.builder().event("OrderPlaced", 1, Placed.class).build();
    return AggregateRuntime.create(
        "Order",
        new Orders(),
        Placed.class,
        codec,
        store,
        RuntimeOptions.DEFAULT,
        new Snapshots<>(store, STATE, SnapshotPolicy.never()));
  }

  /** A command, and the event that it leads to. */
  record Placed(String side, long price, long quantity, String note) {
    static final Placed SAMPLE = new Placed("BUY", 101_250, 300, padding(EVENT_BYTES));
  }

  private static final class Orders implements Decider<Placed, Long, Placed> {
    @Override
    public Long initial() {
      return 0L;
    }

    @Override
    public List<Placed> decide(Placed command, Long count) {
      return List.of(command);
    }

    @Override
    public Long evolve(Long count, Placed event) {
      return count + 1;
    }
  }

  static Metadata metadata() {
    return METADATA;
  }

  /** What all contestants of a comparison on such a server have in common. */
  static Map<String, Object> fields(Fsync fsync) {
    return Map.of("fsync", fsync.name().toLowerCase(Locale.ROOT));
  }

  /** As long as a random UUID without its cost, which is not what is measured. */
  static String newId() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }
}
