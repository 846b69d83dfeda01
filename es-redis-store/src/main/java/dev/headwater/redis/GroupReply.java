package dev.headwater.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what a consumer group delivers of several logs: new entries by the log's key. */
final class GroupReply extends CommandOutput<byte[], byte[], Map<String, List<LogEntry>>> {
  private List<LogEntry> entries = List.of();
  private boolean afterKey;
  private int remaining;
  private int part;
  private String id = "";

  GroupReply() {
    super(ByteArrayCodec.INSTANCE, new HashMap<>());
  }

  @Override
  public void multi(int count) {
    if (afterKey) {
      remaining = count;
      afterKey = false;
    }
  }

  @Override
  public void set(@Nullable ByteBuffer bytes) {
    if (bytes == null) {
      return; // nothing arrived in time
    }
    if (remaining == 0) {
      entries = new ArrayList<>();
      output.put(UTF_8.decode(bytes).toString(), entries);
      afterKey = true;
      return;
    }
    if (part == 0) {
      id = UTF_8.decode(bytes).toString();
    } else if (part == 2) {
      entries.add(LogEntry.parse(id, UTF_8.decode(bytes).toString()));
      remaining--;
    }
    part = (part + 1) % 3;
  }
}
