package dev.headwater.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads stream entries, whatever they hold: their ids, and the text of one field. */
final class EntriesReply extends CommandOutput<byte[], byte[], List<EntriesReply.Entry>> {
  /** Id, and the field's text; empty if the entry has no such field. */
  record Entry(String id, String value) {}

  private final char wanted;
  private boolean inEntry;
  private int remaining;
  private boolean isWanted;
  private String id = "";
  private String value = "";

  EntriesReply(char wanted) {
    super(ByteArrayCodec.INSTANCE, new ArrayList<>());
    this.wanted = wanted;
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
      id = UTF_8.decode(bytes).toString();
      value = "";
      inEntry = true;
    } else if (remaining-- % 2 == 0) {
      isWanted = bytes.remaining() == 1 && bytes.get(bytes.position()) == wanted;
    } else {
      if (isWanted) {
        value = UTF_8.decode(bytes).toString();
      }
      if (remaining == 0) {
        inEntry = false;
        output.add(new Entry(id, value));
      }
    }
  }
}
