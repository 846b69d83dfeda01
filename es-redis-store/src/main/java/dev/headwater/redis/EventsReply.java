package dev.headwater.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headwater.event.EventType;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the entries of an aggregate's stream straight into events. Unknown fields are ignored. */
final class EventsReply extends CommandOutput<byte[], byte[], List<RecordedEvent>> {
  private static final byte[] NONE = {};

  private final StreamId stream;
  private final EventTypes types;

  private boolean inEntry;
  private int remaining;
  private char field;
  private long version;
  private String commit = "";
  private @Nullable EventType type;
  private byte[] lastName = NONE;
  private @Nullable EventType lastType;
  private byte[] metadata = NONE;
  private byte[] data = NONE;

  EventsReply(StreamId stream, EventTypes types) {
    super(ByteArrayCodec.INSTANCE, new ArrayList<>());
    this.stream = stream;
    this.types = types;
  }

  @Override
  public void multi(int count) {
    if (inEntry) {
      remaining = count;
    }
  }

  @Override
  public void set(@Nullable ByteBuffer bytes) {
    if (bytes == null) {
      return;
    }
    if (!inEntry) {
      version = versionOf(bytes);
      commit = "";
      type = null;
      metadata = NONE;
      data = NONE;
      inEntry = true;
    } else if (remaining % 2 == 0) {
      field = bytes.remaining() == 1 ? (char) bytes.get(bytes.position()) : ' ';
      remaining--;
    } else {
      value(bytes);
      if (--remaining == 0) {
        inEntry = false;
        output.add(
            new RecordedEvent(
                stream, version, commit, type == null ? types.get("") : type, metadata, data));
      }
    }
  }

  private void value(ByteBuffer bytes) {
    switch (field) {
      case 'c' -> commit = new String(copy(bytes), UTF_8);
      case 't' -> type = typeOf(bytes);
      case 'm' -> metadata = copy(bytes);
      case 'd' -> data = copy(bytes);
      default -> {}
    }
  }

  /** Events of a stream are mostly of the type of the one before. */
  private EventType typeOf(ByteBuffer bytes) {
    byte[] name = copy(bytes);
    EventType same = lastType;
    if (same == null || !Arrays.equals(name, lastName)) {
      same = types.get(new String(name, UTF_8));
      lastName = name;
      lastType = same;
    }
    return same;
  }

  private static byte[] copy(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return copy;
  }

  /** The digits before the hyphen. */
  private static long versionOf(ByteBuffer id) {
    long value = 0;
    for (int i = id.position(); i < id.limit() && id.get(i) != '-'; i++) {
      value = value * 10 + (id.get(i) - '0');
    }
    return value;
  }
}
