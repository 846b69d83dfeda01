package dev.headwater.trading.feed;

import dev.headwater.trading.market.BestBidOffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sequence of distinct states of which some are read ahead. */
final class Lookahead {
  private static final int COMPACT_AT = 1 << 12;

  private final Iterator<BestBidOffer> states;
  private final List<BestBidOffer> read = new ArrayList<>();
  private int head;

  Lookahead(Iterator<BestBidOffer> states) {
    this.states = states;
  }

  /** The state {@code ahead} of the current one; null past the end. */
  @Nullable BestBidOffer peek(int ahead) {
    while (head + ahead >= read.size() && states.hasNext()) {
      BestBidOffer next = states.next();
      if (read.isEmpty() || !read.getLast().equals(next)) {
        read.add(next);
      }
    }
    return head + ahead < read.size() ? read.get(head + ahead) : null;
  }

  void skip(int count) {
    head += count;
    if (head > COMPACT_AT) {
      // the last one stays: the next state is compared with it
      int gone = Math.min(head, read.size() - 1);
      read.subList(0, gone).clear();
      head -= gone;
    }
  }
}
