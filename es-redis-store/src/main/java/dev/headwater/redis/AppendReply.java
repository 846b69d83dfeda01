package dev.headwater.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The append script's reply: four items for each commit, see {@code append.lua}. */
final class AppendReply extends CommandOutput<byte[], byte[], AppendReply> {
  static final int STORED = 1;
  static final int STORED_BEFORE = 2;
  static final int USED_ELSEWHERE = 3;
  static final int NOT_PROVABLE = 4;
  static final int OTHER_VERSION = 0;

  private final long[] numbers;
  private final String[] texts;
  private int next;

  @SuppressWarnings("NullAway") // the output is this very object, which super() can't be given
  AppendReply(int commits) {
    super(ByteArrayCodec.INSTANCE, null);
    numbers = new long[3 * commits];
    texts = new String[commits];
    output = this;
  }

  @Override
  public void set(long number) {
    numbers[next / 4 * 3 + next % 4] = number;
    next++;
  }

  @Override
  public void set(@Nullable ByteBuffer text) {
    texts[next / 4] = text == null ? "" : UTF_8.decode(text).toString();
    next++;
  }

  boolean isComplete() {
    return next == 4 * texts.length;
  }

  /** Whether it stored nothing, and has found something that was stored before. */
  boolean foundOnly() {
    boolean found = false;
    for (int i = 0; i < texts.length; i++) {
      if (outcome(i) == STORED) {
        return false;
      }
      found |= outcome(i) == STORED_BEFORE;
    }
    return found;
  }

  int outcome(int commit) {
    return (int) numbers[3 * commit];
  }

  long version(int commit) {
    return numbers[3 * commit + 1];
  }

  long sequence(int commit) {
    return numbers[3 * commit + 2];
  }

  /**
   * Log id of a stored commit, log id and number of events of one that was stored before, the other
   * stream of an id that was used elsewhere, message of a commit that can't be stored.
   */
  String text(int commit) {
    return texts[commit];
  }
}
