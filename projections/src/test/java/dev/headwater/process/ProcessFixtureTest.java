package dev.headwater.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.process.Fulfilment.Paid;
import dev.headwater.process.Fulfilment.Placed;
import dev.headwater.process.Fulfilment.Release;
import dev.headwater.process.Fulfilment.Reserve;
import dev.headwater.process.Fulfilment.Ship;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ProcessFixtureTest {
  private final ProcessFixture<Fulfilment.OrderEvent, Fulfilment.Progress, Fulfilment.StockCommand>
      fulfilment = ProcessFixture.of(new Fulfilment(), "o1");

  @Nested
  class A_process {
    @Test
    void is_shown_by_what_it_sends_and_which_timers_it_changes() {
      fulfilment
          .whenHappened(new Placed("o1"))
          .thenSends("o1", new Reserve(2))
          .thenStartsTimer("payment", Fulfilment.PATIENCE);
      fulfilment.given(new Placed("o1")).whenHappened(new Paid("o1", 40)).thenNothing();
      fulfilment
          .given(new Placed("o1"), new Paid("o1", 40))
          .whenHappened(new Paid("o1", 60))
          .thenCancelsTimer("payment")
          .thenSends("o1", new Ship())
          .thenState(state -> assertThat(state.paid()).isEqualTo(100))
          .thenEnded();
    }

    @Test
    void is_shown_timers_and_rejections() {
      fulfilment
          .given(new Placed("o1"))
          .whenTimedOut("payment")
          .thenSends("o1", new Release("payment"));
      fulfilment
          .given(new Placed("o1"))
          .whenRejected(new RejectedCommand("Reserve", "o1", "SOLD_OUT"))
          .thenSends("o1", new Release("Reserve SOLD_OUT"))
          .thenEnded();
    }

    @Test
    void that_has_ended_reacts_to_nothing() {
      fulfilment
          .given(new Placed("o1"))
          .givenTimedOut("payment")
          .whenHappened(new Paid("o1", 100))
          .thenNothing()
          .thenEnded();
    }
  }

  @Nested
  class A_failed_expectation {
    @Test
    void tells_what_came() {
      assertThatThrownBy(
              () ->
                  fulfilment
                      .given(new Placed("o1"))
                      .whenTimedOut("payment")
                      .thenSends("o1", new Ship()))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("expected commands [Sending[aggregateId=o1, command=Ship[]]]")
          .hasMessageContaining("given   Placed[order=o1]")
          .hasMessageContaining("when    timer payment")
          .hasMessageContaining("then    Sending[aggregateId=o1, command=Release[why=payment]]");
    }
  }
}
