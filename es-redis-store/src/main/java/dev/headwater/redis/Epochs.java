package dev.headwater.redis;

import java.util.concurrent.atomic.AtomicLongArray;

/** Identity of each partition's history, and how far it had come, when the store was opened. */
final class Epochs {
  private final long[] epochs;
  private final String[] texts;
  private final long[] sequences;

  Epochs(long[] epochs, long[] sequences) {
    this.epochs = epochs;
    this.sequences = sequences;
    this.texts = new String[epochs.length];
    for (int p = 0; p < epochs.length; p++) {
      texts[p] = Long.toString(epochs[p]);
    }
  }

  long of(int partition) {
    return epochs[partition];
  }

  AtomicLongArray sequences() {
    return new AtomicLongArray(sequences);
  }

  String text(int partition) {
    return texts[partition];
  }
}
