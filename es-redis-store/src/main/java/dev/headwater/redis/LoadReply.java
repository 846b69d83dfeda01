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

/** Reads what {@code load.lua} returns: outcome, version, commit id, state, entries. */
final class LoadReply extends CommandOutput<byte[], byte[], LoadReply> {
  static final int FROM_SNAPSHOT = 1;
  static final int CONTRADICTED = -1;

  private static final int TEXTS = 3;

  private final EventsReply events;
  private final List<byte[]> texts = new ArrayList<>(TEXTS);
  private int outcome;

  LoadReply(StreamId stream, EventTypes types) {
    super(ByteArrayCodec.INSTANCE, null);
    this.events = new EventsReply(stream, types);
  }

  @Override
  public void set(long integer) {
    outcome = (int) integer;
  }

  @Override
  public void multi(int count) {
    events.multi(count);
  }

  @Override
  public void set(@Nullable ByteBuffer bytes) {
    if (texts.size() == TEXTS) {
      events.set(bytes);
    } else if (bytes != null) {
      byte[] text = new byte[bytes.remaining()];
      bytes.get(text);
      texts.add(text);
    }
  }

  @Override
  public LoadReply get() {
    return this;
  }

  int outcome() {
    return outcome;
  }

  long version() {
    return Long.parseLong(new String(texts.getFirst(), UTF_8));
  }

  String commitId() {
    return new String(texts.get(1), UTF_8);
  }

  byte[] state() {
    return texts.get(2);
  }

  List<RecordedEvent> entries() {
    return events.get();
  }
}
