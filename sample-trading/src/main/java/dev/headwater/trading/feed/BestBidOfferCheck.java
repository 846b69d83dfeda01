package dev.headwater.trading.feed;

import dev.headwater.trading.market.BestBidOffer;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * How well the states that a top of book went through agree with those that a venue published.
 *
 * <p>Repeated states are collapsed on both sides. The two sequences are aligned greedily: where
 * they differ, the fewest states that make them agree again are skipped, at most {@value
 * #MOST_SKIPPED} on either side. The check ends with the shorter sequence.
 *
 * @param compared how many of our states were reached
 * @param equal how many of them agree
 * @param equalFromStart how many agree before the first difference
 * @param firstDifference null if there is none
 */
public record BestBidOfferCheck(
    long compared, long equal, long equalFromStart, @Nullable Difference firstDifference) {
  /** How far the alignment looks ahead. */
  public static final int MOST_SKIPPED = 40;

  /** A place where the states differ. */
  public record Difference(BestBidOffer published, BestBidOffer ours) {}

  /** Compares; reads both sequences as far as the shorter goes. */
  public static BestBidOfferCheck of(
      Iterator<BestBidOffer> published, Iterator<BestBidOffer> ours) {
    return new Alignment(new Lookahead(published), new Lookahead(ours)).run();
  }
}
