package dev.headwater.trading.feed;

import dev.headwater.trading.feed.BestBidOfferCheck.Difference;
import dev.headwater.trading.market.BestBidOffer;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The greedy alignment of {@link BestBidOfferCheck}. */
final class Alignment {
  /**
   * What may be skipped, in the order tried: little on the worse side first. By the sum alone, a
   * long skip of one side would be preferred to a short one of both, and a market that returns to
   * earlier states would be aligned with the wrong one of them.
   */
  private static final List<Skip> SKIPS = skips();

  private record Skip(int ofPublished, int ofOurs) {
    int worse() {
      return Math.max(ofPublished, ofOurs);
    }

    int total() {
      return ofPublished + ofOurs;
    }
  }

  private final Lookahead published;
  private final Lookahead ours;
  private long compared;
  private long equal;
  private long equalFromStart;
  private @Nullable Difference first;

  Alignment(Lookahead published, Lookahead ours) {
    this.published = published;
    this.ours = ours;
  }

  private static List<Skip> skips() {
    return IntStream.rangeClosed(0, BestBidOfferCheck.MOST_SKIPPED)
        .boxed()
        .flatMap(
            ofPublished ->
                IntStream.rangeClosed(0, BestBidOfferCheck.MOST_SKIPPED)
                    .mapToObj(ofOurs -> new Skip(ofPublished, ofOurs)))
        .filter(skip -> skip.total() > 0)
        .sorted(
            Comparator.comparingInt(Skip::worse)
                .thenComparingInt(Skip::total)
                .thenComparingInt(Skip::ofPublished))
        .toList();
  }

  BestBidOfferCheck run() {
    BestBidOffer expected = published.peek(0);
    BestBidOffer actual = ours.peek(0);
    while (expected != null && actual != null) {
      if (expected.equals(actual)) {
        equal++;
        step(1, 1);
      } else {
        differ(expected, actual);
      }
      expected = published.peek(0);
      actual = ours.peek(0);
    }
    return new BestBidOfferCheck(compared, equal, first == null ? equal : equalFromStart, first);
  }

  private void differ(BestBidOffer expected, BestBidOffer actual) {
    if (first == null) {
      first = new Difference(expected, actual);
      equalFromStart = equal;
    }
    for (Skip skip : SKIPS) {
      if (agree(skip)) {
        step(skip.ofPublished, skip.ofOurs);
        return;
      }
    }
    step(1, 1);
  }

  private boolean agree(Skip skip) {
    BestBidOffer expected = published.peek(skip.ofPublished);
    return expected != null && expected.equals(ours.peek(skip.ofOurs));
  }

  private void step(int ofPublished, int ofOurs) {
    published.skip(ofPublished);
    ours.skip(ofOurs);
    compared += ofOurs;
  }
}
