package dev.headwater.trading.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.trading.feed.BestBidOfferCheck.Difference;
import dev.headwater.trading.market.BestBidOffer;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BestBidOfferCheckTest {
  private static BestBidOffer top(int bid) {
    return new BestBidOffer(new Price(bid), Quantity.of(1), null, null);
  }

  private static BestBidOfferCheck check(int[] published, int[] ours) {
    return BestBidOfferCheck.of(tops(published).iterator(), tops(ours).iterator());
  }

  private static List<BestBidOffer> tops(int[] bids) {
    return IntStream.of(bids).mapToObj(BestBidOfferCheckTest::top).toList();
  }

  private static int[] of(int... bids) {
    return bids;
  }

  @Nested
  class sequences {
    @Test
    void that_repeat_states_are_equal_to_those_that_do_not() {
      assertThat(check(of(1, 1, 2, 2, 3), of(1, 2, 3, 3)))
          .isEqualTo(new BestBidOfferCheck(3, 3, 3, null));
    }

    @Test
    void agree_again_after_states_that_only_one_side_has() {
      Difference first = new Difference(top(9), top(3));
      assertThat(check(of(1, 2, 9, 3, 4), of(1, 2, 3, 4)))
          .isEqualTo(new BestBidOfferCheck(4, 4, 2, first));
      assertThat(check(of(1, 2, 3, 4), of(1, 2, 9, 3, 4)))
          .isEqualTo(new BestBidOfferCheck(5, 4, 2, new Difference(top(3), top(9))));
    }

    @Test
    void end_with_the_shorter() {
      assertThat(check(of(1, 2, 3, 4, 5), of(1, 2)))
          .isEqualTo(new BestBidOfferCheck(2, 2, 2, null));
      assertThat(check(of(), of(1))).isEqualTo(new BestBidOfferCheck(0, 0, 0, null));
    }

    @Test
    void that_differ_for_longer_than_the_look_ahead_do_not_agree_there() {
      int most = BestBidOfferCheck.MOST_SKIPPED;
      int[] ours = IntStream.rangeClosed(0, most).map(i -> i == most ? 7 : 100 + i).toArray();
      int[] tooLong = IntStream.rangeClosed(0, most + 1).map(i -> i > most ? 7 : 100 + i).toArray();

      assertThat(check(of(7, 8), ours).equal()).isEqualTo(1);
      assertThat(check(of(7, 8), tooLong).equal()).isZero();
    }

    @Test
    void of_any_length_are_read_in_pieces() {
      int[] states = IntStream.range(0, 30_000).toArray();

      assertThat(check(states, states))
          .isEqualTo(new BestBidOfferCheck(30_000, 30_000, 30_000, null));
    }
  }
}
