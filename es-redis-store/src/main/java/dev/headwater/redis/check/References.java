package dev.headwater.redis.check;

import java.util.Arrays;

/** What a log says about one stream: how far it refers to it, and where its references begin. */
final class References {
  private long last;
  private long[] starts = new long[1];
  private int size;
  private boolean met;

  /** The last version referred to, 0 before the first. */
  long last() {
    return last;
  }

  void add(long first, long lastVersion) {
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, 2 * size);
    }
    starts[size++] = first;
    last = Math.max(last, lastVersion);
  }

  /** Whether a reference begins with this version, and so a commit. */
  boolean beginsAt(long version) {
    return Arrays.binarySearch(starts, 0, size, version) >= 0;
  }

  /**
   * Notes that the stream is there.
   *
   * @return whether that was noted before
   */
  boolean meet() {
    boolean before = met;
    met = true;
    Arrays.sort(starts, 0, size);
    return before;
  }

  boolean isMet() {
    return met;
  }
}
