package dev.headwater.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
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
  private String type = "";
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
      type = "";
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
        output.add(new RecordedEvent(stream, version, commit, types.get(type), metadata, data));
      }
    }
  }

  private void value(ByteBuffer bytes) {
    switch (field) {
      case 'c' -> commit = UTF_8.decode(bytes).toString();
      case 't' -> type = UTF_8.decode(bytes).toString();
      case 'm' -> metadata = copy(bytes);
      case 'd' -> data = copy(bytes);
      default -> {}
    }
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
