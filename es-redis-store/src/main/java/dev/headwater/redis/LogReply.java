package dev.headwater.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a range of a partition's log: id, field name and reference of each entry. */
final class LogReply extends CommandOutput<byte[], byte[], List<LogEntry>> {
  private int part;
  private String id = "";

  LogReply() {
    super(ByteArrayCodec.INSTANCE, new ArrayList<>());
  }

  @Override
  public void multi(int count) {}

  @Override
  public void set(@Nullable ByteBuffer bytes) {
    if (bytes == null) {
      return;
    }
    if (part == 0) {
      id = text(bytes);
    } else if (part == 2) {
      output.add(LogEntry.parse(id, text(bytes)));
    }
    part = (part + 1) % 3;
  }

  private static String text(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return new String(copy, UTF_8);
  }
}
