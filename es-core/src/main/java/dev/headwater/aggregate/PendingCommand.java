package dev.headwater.aggregate;

import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.aggregate.CommandOutcome.NotDurable;
import dev.headwater.event.Metadata;
import dev.headwater.store.Receipt;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A command on its way through a {@link Mailbox}; {@link Unsettled} guards what changes. */
final class PendingCommand<C, S, E> {
  final String id;
  final Metadata metadata;
  final C command;

  /** The caller's; nothing in here depends on it, so the caller may complete it too. */
  final CompletableFuture<CommandOutcome<E>> promise = new CompletableFuture<>();

  int attempts;

  /** What the caller will be told once all commands before this one are settled. */
  @Nullable CommandOutcome<E> outcome;

  /** The aggregate once the events of this command are stored; null if it has none. */
  @Nullable Versioned<S> after;

  /** Whether it was decided on the empty state without reading whether that is the state. */
  boolean isGuess;

  /** Commands with the same id that came while this one was under way. */
  List<PendingCommand<C, S, E>> repeats = List.of();

  PendingCommand(String id, Metadata metadata, C command) {
    this.id = id;
    this.metadata = metadata;
    this.command = command;
  }

  /** Proof that its events are stored, as far as that is known. */
  @Nullable Receipt receipt() {
    return switch (outcome) {
      case Accepted<E> accepted -> accepted.receipt();
      case NotDurable<E> notDurable -> notDurable.receipt();
      case null, default -> null;
    };
  }

  /**
   * Whether the store knew the command from further back than its mailbox does.
   *
   * @param events how many it was to add
   */
  boolean isOfAnotherTime(Receipt receipt, int events) {
    return receipt.duplicate()
        && after != null
        && (isGuess
            || receipt.lastVersion() != after.version()
            || receipt.firstVersion() != after.version() - events + 1);
  }
}
