package dev.headwater.aggregate;

import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.aggregate.CommandOutcome.AlreadyHandled;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Gives callers their answers, also those who sent the same command meanwhile. Thread-safe. */
final class Answers<C, S, E> {
  private final Consumer<Mailbox<C, S, E>> onAnswer;

  /**
   * For the mailboxes of a runtime.
   *
   * @param onAnswer is told of each command before its caller gets the answer
   */
  Answers(Consumer<Mailbox<C, S, E>> onAnswer) {
    this.onAnswer = onAnswer;
  }

  void give(
      Mailbox<C, S, E> mailbox,
      PendingCommand<C, S, E> command,
      @Nullable CommandOutcome<E> outcome) {
    onAnswer.accept(mailbox);
    command.promise.complete(outcome);
    for (PendingCommand<C, S, E> repeat : command.repeats) {
      give(
          mailbox,
          repeat,
          outcome instanceof Accepted<E> accepted
              ? new AlreadyHandled<>(accepted.receipt())
              : outcome);
    }
  }

  void fail(Mailbox<C, S, E> mailbox, PendingCommand<C, S, E> command, Throwable failure) {
    onAnswer.accept(mailbox);
    command.promise.completeExceptionally(failure);
    command.repeats.forEach(repeat -> fail(mailbox, repeat, failure));
  }
}
