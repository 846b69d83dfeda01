package dev.headwater.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headwater.event.Position;
import dev.headwater.redis.check.StoredPartition.Head;
import dev.headwater.store.EventStoreException;
import dev.headwater.store.StoreWentBackException;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.ValueListOutput;
import io.lettuce.core.protocol.CommandType;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Creates a store's keys where they are missing and checks them where they are there. */
final class StoreLayout {
  private static final int VERSION = 1;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final RedisStoreOptions options;
  private final Reads reads;

  StoreLayout(RedisStoreOptions options, Reads reads) {
    this.options = options;
    this.reads = reads;
  }

  /** How many partitions the store has, which is fixed when it is created. */
  int createOrCheck() {
    byte[] meta = Keys.meta(options.namespace());
    if (get(meta, "layout", "partitions").get(0) == null) {
      refuseToCreateForReading("there is no " + options);
      // In this order: whoever finds a layout finds a number of partitions.
      setIfMissing(meta, "partitions", options.partitions());
      setIfMissing(meta, "layout", VERSION);
    }
    return check();
  }

  /** How many partitions the store has, which must be there. */
  int check() {
    byte[] meta = Keys.meta(options.namespace());
    List<@Nullable String> found = get(meta, "layout", "partitions");
    if (found.get(0) == null && found.get(1) == null) {
      throw new EventStoreException("there is no " + options + ": check address and namespace");
    }
    long layout = number(meta, "layout", found.get(0));
    if (layout != VERSION) {
      throw new EventStoreException(
          options
              + " has layout "
              + layout
              + ", this version of Headwater knows layout "
              + VERSION
              + ": use a newer one");
    }
    return (int) number(meta, "partitions", found.get(1));
  }

  /** Identity of each partition's history; made where it is missing. */
  Epochs epochs(Keys keys) {
    Script keepIds = Script.load("keep-ids.lua");
    long[] epochs = new long[keys.partitions()];
    long[] sequences = new long[keys.partitions()];
    for (int p = 0; p < epochs.length; p++) {
      byte[] head = keys.head(p);
      if (get(head, "epoch").getFirst() == null) {
        refuseToForget(keys, p);
        refuseToCreateForReading("partition " + p + " of " + options + " was not created yet");
        // The epoch last: whoever finds one finds the rest. 53 bits are exact in JSON and Lua.
        setIfMissing(head, "sequence", 0);
        setIfMissing(head, "log", Position.START_ID);
        setIfMissing(head, "epoch", RANDOM.nextLong(1L << 52, 1L << 53));
      }
      List<@Nullable String> found = get(head, "epoch", "sequence", "window");
      epochs[p] = number(head, "epoch", found.get(0));
      sequences[p] = number(head, "sequence", found.get(1));
      String window = found.get(2);
      if (!options.readOnly()
          && number(head, "window", window == null ? "0" : window) < options.commandWindow()) {
        keepIds(keepIds, head, keys.ids(p));
      }
    }
    return new Epochs(epochs, sequences);
  }

  private void keepIds(Script script, byte[] head, byte[] ids) {
    reads.call(
        CommandType.EVAL,
        () -> new IntegerOutput<>(ByteArrayCodec.INSTANCE),
        Reads.args()
            .add(script.body())
            .add(2)
            .addKey(head)
            .addKey(ids)
            .add(options.commandWindow()));
  }

  private void refuseToCreateForReading(String what) {
    if (options.readOnly()) {
      throw new EventStoreException(
          what
              + ", and it is to be opened for reading: see whether host and namespace are right, or"
              + " let an application open it once, which creates it");
    }
  }

  private void refuseToForget(Keys keys, int partition) {
    long entries =
        reads.call(
            CommandType.XLEN,
            () -> new IntegerOutput<>(ByteArrayCodec.INSTANCE),
            Reads.args().addKey(keys.log(partition)));
    if (entries > 0) {
      throw new EventStoreException(
          "partition "
              + partition
              + " of "
              + options
              + " has a log of "
              + entries
              + " entries but its key "
              + new String(keys.head(partition), UTF_8)
              + " is gone: restore it from a backup");
    }
  }

  /** Where the partition ends now. */
  static Position head(Reads reads, Keys keys, Epochs opened, int partition) {
    List<@Nullable String> head = get(reads, keys.head(partition), "epoch", "sequence", "log");
    return position(partition, opened, head);
  }

  /** The position that a reply to {@code HMGET <head> epoch sequence log} tells. */
  static Position position(int partition, Epochs opened, List<@Nullable String> head) {
    String sequence = head.get(1);
    String log = head.get(2);
    if (sequence == null || log == null || !opened.text(partition).equals(head.get(0))) {
      throw new StoreWentBackException(
          "partition "
              + partition
              + " had epoch "
              + opened.of(partition)
              + " when the store was opened and now has "
              + head.get(0)
              + ": it was emptied or replaced");
    }
    return new Position(partition, opened.of(partition), Long.parseLong(sequence), log);
  }

  /** Where the partition says that it ends, whatever else is wrong with it. */
  static Optional<Head> storedHead(Reads reads, Keys keys, int partition) {
    List<@Nullable String> head = get(reads, keys.head(partition), "sequence", "log");
    String sequence = head.get(0);
    String log = head.get(1);
    return sequence == null || log == null || !sequence.matches("\\d{1,18}")
        ? Optional.empty()
        : Optional.of(new Head(Long.parseLong(sequence), log));
  }

  private void setIfMissing(byte[] key, String field, Object value) {
    reads.call(
        CommandType.HSETNX,
        () -> new IntegerOutput<>(ByteArrayCodec.INSTANCE),
        Reads.args().addKey(key).add(field).add(value.toString()));
  }

  private List<@Nullable String> get(byte[] key, String... fields) {
    return get(reads, key, fields);
  }

  private static List<@Nullable String> get(Reads reads, byte[] key, String... fields) {
    var args = Reads.args().addKey(key);
    for (String field : fields) {
      args.add(field);
    }
    return texts(
        reads.call(CommandType.HMGET, () -> new ValueListOutput<>(ByteArrayCodec.INSTANCE), args));
  }

  static List<@Nullable String> texts(List<byte[]> values) {
    List<@Nullable String> texts = new ArrayList<>(values.size());
    for (byte @Nullable [] value : values) {
      texts.add(value == null ? null : new String(value, UTF_8));
    }
    return texts;
  }

  private long number(byte[] key, String field, @Nullable String value) {
    try {
      if (value != null) {
        return Long.parseLong(value);
      }
    } catch (NumberFormatException e) {
      // falls through to the error that shows it
    }
    throw new EventStoreException(
        "field "
            + field
            + " of key "
            + new String(key, UTF_8)
            + " at "
            + options.address()
            + " must be a number, was: "
            + value
            + "; something else than this store wrote to it");
  }
}
