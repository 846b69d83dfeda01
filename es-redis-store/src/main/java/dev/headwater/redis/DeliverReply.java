package dev.headwater.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what {@code deliver.lua} returns. */
final class DeliverReply extends CommandOutput<byte[], byte[], DeliverReply> {
  private final List<String> texts = new ArrayList<>();
  private final List<LogEntry> entries = new ArrayList<>();

  DeliverReply() {
    super(ByteArrayCodec.INSTANCE, null);
  }

  @Override
  public void multi(int count) {}

  @Override
  public void set(@Nullable ByteBuffer bytes) {
    if (bytes == null) {
      return;
    }
    texts.add(UTF_8.decode(bytes).toString());
    int size = texts.size(); // last id and holder, then id, field name and reference of each entry
    if (size > 2 && (size - 2) % 3 == 0) {
      entries.add(LogEntry.parse(texts.get(size - 3), texts.get(size - 1)));
    }
  }

  @Override
  public DeliverReply get() {
    return this;
  }

  String lastId() {
    return texts.get(0);
  }

  boolean isHeldByAnother() {
    return !texts.get(1).isEmpty();
  }

  List<LogEntry> entries() {
    return entries;
  }
}
