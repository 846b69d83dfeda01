package dev.headwater.redis;

/** Identity of each partition's history, as it was when the store was opened. */
final class Epochs {
  private final long[] epochs;
  private final String[] texts;

  Epochs(long[] epochs) {
    this.epochs = epochs;
    this.texts = new String[epochs.length];
    for (int p = 0; p < epochs.length; p++) {
      texts[p] = Long.toString(epochs[p]);
    }
  }

  long of(int partition) {
    return epochs[partition];
  }

  String text(int partition) {
    return texts[partition];
  }
}
