package dev.headwater.aggregate;

import static dev.headwater.aggregate.AppendFailures.cause;
import static dev.headwater.aggregate.AppendFailures.goneFrom;
import static dev.headwater.aggregate.AppendFailures.wentBack;

import dev.headwater.aggregate.CommandOutcome.AlreadyHandled;
import dev.headwater.aggregate.Unsettled.Seen.Stored;
import dev.headwater.event.NewEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.AppendResult;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.AppendResult.Conflict;
import dev.headwater.store.AppendResult.NotDurable;
import dev.headwater.store.AppendResult.StoreBehind;
import dev.headwater.store.Commit;
import dev.headwater.store.Durability;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.Receipt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers commands whose events are stored already. Thread-safe. */
final class RepeatedCommands<C, S, E> {
  private final AggregateType<C, S, E> type;
  private final Answers<C, S, E> answers;

  RepeatedCommands(AggregateType<C, S, E> type, Answers<C, S, E> answers) {
    this.type = type;
    this.answers = answers;
  }

  /** Answers at once where the level of durability is proven, else when it is. */
  void answer(Mailbox<C, S, E> mailbox, PendingCommand<C, S, E> command, Stored seen) {
    if (seen.proven()) {
      answers.give(mailbox, command, new AlreadyHandled<>(mailbox.stream(), seen.version()));
    } else {
      proveAgain(mailbox, command, seen.version());
    }
  }

  /** Appends what is stored once more, which changes nothing and proves the level. */
  private void proveAgain(Mailbox<C, S, E> mailbox, PendingCommand<C, S, E> command, long version) {
    StreamId stream = mailbox.stream();
    List<NewEvent> events =
        type.history()
            .from(stream, version)
            .takeWhile(event -> event.commitId().equals(command.id))
            .map(event -> new NewEvent(event.type(), event.data()))
            .toList();
    Commit commit =
        new Commit(
            command.id, stream, ExpectedVersion.exactly(version - 1), command.metadata, events);
    var unused =
        type.append(commit)
            .whenComplete((result, failure) -> provenAgain(mailbox, command, result, failure));
  }

  private void provenAgain(
      Mailbox<C, S, E> mailbox,
      PendingCommand<C, S, E> command,
      @Nullable AppendResult result,
      @Nullable Throwable failure) {
    switch (result) {
      case Appended appended -> {
        mailbox.proven(command);
        answers.give(mailbox, command, new AlreadyHandled<>(appended.receipt()));
      }
      case NotDurable(Receipt receipt, Durability asked, String reason) ->
          answers.give(mailbox, command, new CommandOutcome.NotDurable<>(receipt, asked, reason));
      case Conflict conflict -> answers.fail(mailbox, command, goneFrom(conflict.stream()));
      case StoreBehind behind -> answers.fail(mailbox, command, wentBack(behind));
      case null -> answers.fail(mailbox, command, cause(failure));
    }
  }
}
