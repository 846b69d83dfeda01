package dev.headwater.aggregate;

/**
 * Guesses whether an aggregate that is not in memory is a new one: so if the last ones all were.
 * Then a command that makes it needs no read before it, since its append fails if there is
 * something to read. Thread-safe; a wrong guess costs one call to the store.
 */
final class Newcomers {
  private static final int ENOUGH = 8;

  private volatile int inARow;

  boolean areExpected() {
    return inARow >= ENOUGH;
  }

  /** An aggregate that was not in memory turned out to be new, or not. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // a lost count makes the next guess a bit later
  void met(boolean isNew) {
    if (!isNew) {
      inARow = 0;
    } else if (inARow < ENOUGH) {
      inARow++;
    }
  }
}
