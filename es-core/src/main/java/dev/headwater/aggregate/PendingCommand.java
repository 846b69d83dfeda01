package dev.headwater.aggregate;

import dev.headwater.event.Metadata;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A command on its way through a {@link Mailbox}, which guards its fields. */
final class PendingCommand<C, S, E> {
  final String id;
  final Metadata metadata;
  final C command;
  final CompletableFuture<CommandOutcome<E>> promise = new CompletableFuture<>();
  int attempts;

  /** What the caller will be told once all commands before this one are settled. */
  @Nullable CommandOutcome<E> outcome;

  /** The aggregate once the events of this command are stored; null if it has none. */
  @Nullable Versioned<S> after;

  PendingCommand(String id, Metadata metadata, C command) {
    this.id = id;
    this.metadata = metadata;
    this.command = command;
  }
}
