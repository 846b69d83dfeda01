package dev.headwater.process;

import dev.headwater.process.Reaction.Sending;
import dev.headwater.process.Reaction.TimerChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tests a process by examples: given these events, when this happens, then these commands and
 * timers. Needs no infrastructure.
 *
 * <pre>{@code
 * ProcessFixture.of(new Fulfilment(), "o1")
 *     .given(new OrderPlaced("o1"))
 *     .whenTimedOut("payment")
 *     .thenSends("o1", new CancelOrder("o1"))
 *     .thenEnded();
 * }</pre>
 *
 * <p>What is given and what happens is taken to be of that instance. A failed expectation is an
 * {@link AssertionError} whose message shows what came. Immutable.
 */
public final class ProcessFixture<E, S, C> {
  private final ProcessDefinition<E, S, C> definition;
  private final List<Object> inputs;
  private final Reaction<S, C> last;

  private ProcessFixture(
      ProcessDefinition<E, S, C> definition, List<Object> inputs, Reaction<S, C> last) {
    this.definition = definition;
    this.inputs = inputs;
    this.last = last;
  }

  /** A fixture of an instance before its first event. */
  public static <E, S, C> ProcessFixture<E, S, C> of(
      ProcessDefinition<E, S, C> definition, String instance) {
    return new ProcessFixture<>(definition, List.of(), Reaction.to(definition.initial(instance)));
  }

  /** Lets events happen. */
  @SafeVarargs
  public final ProcessFixture<E, S, C> given(E... events) {
    ProcessFixture<E, S, C> fixture = this;
    for (E event : events) {
      fixture = fixture.whenHappened(event).fixture();
    }
    return fixture;
  }

  /** Lets a timer be due. */
  public ProcessFixture<E, S, C> givenTimedOut(String timer) {
    return whenTimedOut(timer).fixture();
  }

  /** Lets an event happen. */
  public Outcome whenHappened(E event) {
    return outcome(event, definition.react(last.state(), event));
  }

  /** Lets a timer be due. */
  public Outcome whenTimedOut(String timer) {
    return outcome("timer " + timer, definition.timedOut(last.state(), timer));
  }

  /** Lets a command be rejected. */
  public Outcome whenRejected(RejectedCommand rejected) {
    return outcome(rejected, definition.rejected(last.state(), rejected));
  }

  private Outcome outcome(Object input, Reaction<S, C> reaction) {
    if (last.ended()) {
      return new Outcome(input, new Reaction<>(last.state(), List.of(), List.of(), true));
    }
    return new Outcome(input, reaction);
  }

  /** What the last input led to; each {@code then} checks one expectation. */
  public final class Outcome {
    private final Object input;
    private final Reaction<S, C> reaction;

    private Outcome(Object input, Reaction<S, C> reaction) {
      this.input = input;
      this.reaction = reaction;
    }

    private ProcessFixture<E, S, C> fixture() {
      List<Object> all = new ArrayList<>(inputs);
      all.add(input);
      return new ProcessFixture<>(definition, List.copyOf(all), reaction);
    }

    /** Exactly this command. */
    public Outcome thenSends(String aggregateId, C command) {
      return thenSends(List.of(new Sending<>(aggregateId, command)));
    }

    /** Exactly these commands, in this order. */
    public Outcome thenSends(List<Sending<C>> expected) {
      return check("commands " + expected, reaction.commands().equals(expected));
    }

    /** Starts this timer. */
    public Outcome thenStartsTimer(String timer, Duration delay) {
      TimerChange expected = new TimerChange.Started(timer, delay);
      return check(expected.toString(), reaction.timers().contains(expected));
    }

    /** Starts this timer. */
    public Outcome thenStartsTimerAt(String timer, Instant at) {
      TimerChange expected = new TimerChange.StartedAt(timer, at);
      return check(expected.toString(), reaction.timers().contains(expected));
    }

    /** Cancels this timer. */
    public Outcome thenCancelsTimer(String timer) {
      TimerChange expected = new TimerChange.Cancelled(timer);
      return check(expected.toString(), reaction.timers().contains(expected));
    }

    /** No command and no change of a timer. */
    public Outcome thenNothing() {
      return check(
          "neither commands nor timers",
          reaction.commands().isEmpty() && reaction.timers().isEmpty());
    }

    /** The instance has ended. */
    public Outcome thenEnded() {
      return check("the end", reaction.ended());
    }

    /** Looks at the new state. */
    public Outcome thenState(Consumer<S> check) {
      check.accept(reaction.state());
      return this;
    }

    private Outcome check(String expected, boolean holds) {
      if (!holds) {
        StringBuilder message = new StringBuilder("expected " + expected + "\n");
        inputs.forEach(given -> message.append("given   ").append(given).append('\n'));
        message.append("when    ").append(input).append('\n');
        reaction.commands().forEach(each -> message.append("then    ").append(each).append('\n'));
        reaction.timers().forEach(each -> message.append("then    ").append(each).append('\n'));
        message.append(reaction.ended() ? "then    ended\n" : "");
        throw new AssertionError(message.toString());
      }
      return this;
    }
  }
}
