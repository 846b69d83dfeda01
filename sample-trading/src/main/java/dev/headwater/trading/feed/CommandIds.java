package dev.headwater.trading.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headwater.trading.book.OrderBookCommand.OpenBook;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * Command ids from what a file says: the first 128 bits of a SHA-256 over the format, the line and
 * how many equal lines came before. Neither other lines nor the line's number play a part.
 */
final class CommandIds {
  private static final int BYTES = 16;

  private final MessageDigest sha256;
  private final String format;
  private final Occurrences occurrences = new Occurrences();

  CommandIds(String format) {
    this.format = format;
    this.sha256 = sha256();
  }

  /** The id for the next line with this content. */
  String next(String content) {
    sha256.update(format.getBytes(UTF_8));
    sha256.update((byte) '\n');
    byte[] digest = sha256.digest(content.getBytes(UTF_8));
    int before = occurrences.countBefore(ByteBuffer.wrap(digest).getLong());
    if (before > 0) {
      sha256.update(digest);
      digest = sha256.digest(Integer.toString(before).getBytes(UTF_8));
    }
    return text(digest);
  }

  /** The id for opening a book, the same in every format. */
  static String open(String symbol, OpenBook open) {
    String content = "open\n" + symbol + "\n" + open.tickSize() + "\n" + open.lotSize();
    return text(sha256().digest(content.getBytes(UTF_8)));
  }

  private static String text(byte[] digest) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, BYTES));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * How often each key was seen, in 12 bytes a slot: files have millions of lines. Keys are parts
   * of digests, so they need no further hashing; two lines with one key would share a count, which
   * is harmless because the id is made of the whole line.
   */
  private static final class Occurrences {
    private long[] keys = new long[1 << 12];
    private int[] counts = new int[1 << 12];
    private int used;

    int countBefore(long key) {
      int slot = slot(key);
      if (counts[slot] == 0) {
        keys[slot] = key;
        if (++used > keys.length / 2) {
          counts[slot] = 1;
          grow();
          return 0;
        }
      }
      return counts[slot]++;
    }

    private int slot(long key) {
      int slot = (int) key & (keys.length - 1);
      while (counts[slot] != 0 && keys[slot] != key) {
        slot = (slot + 1) & (keys.length - 1);
      }
      return slot;
    }

    private void grow() {
      long[] oldKeys = keys;
      int[] oldCounts = counts;
      keys = new long[oldKeys.length * 2];
      counts = new int[oldKeys.length * 2];
      for (int i = 0; i < oldKeys.length; i++) {
        if (oldCounts[i] != 0) {
          int slot = slot(oldKeys[i]);
          keys[slot] = oldKeys[i];
          counts[slot] = oldCounts[i];
        }
      }
    }
  }
}
