package dev.headwater.axon.engine;

import java.util.BitSet;

/**
 * Names of the consumer groups that streams read in. Each open stream of this process has one of
 * its own; a name is used again when its stream is closed, so that a store isn't littered with
 * groups that nobody will ever use.
 */
final class GroupNames {
  private static final BitSet TAKEN = new BitSet();

  private GroupNames() {}

  static synchronized int take() {
    int free = TAKEN.nextClearBit(0);
    TAKEN.set(free);
    return free;
  }

  static synchronized void giveBack(int number) {
    TAKEN.clear(number);
  }

  static String name(String instance, int number) {
    return "axon-" + instance + "-" + number;
  }
}
