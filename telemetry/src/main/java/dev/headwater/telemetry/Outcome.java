package dev.headwater.telemetry;

import dev.headwater.aggregate.CommandOutcome;
import dev.headwater.aggregate.ContentionException;
import dev.headwater.store.AppendOutcomeUnknownException;
import dev.headwater.store.AppendResult;
import dev.headwater.store.OverloadedException;
import dev.headwater.store.StoreUnavailableException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The words for what came of a call, in tags of metrics and attributes of spans. */
final class Outcome {
  private Outcome() {}

  static String of(AppendResult result) {
    return switch (result) {
      case AppendResult.Appended(var receipt) -> receipt.duplicate() ? "duplicate" : "appended";
      case AppendResult.NotDurable notDurable -> "not_durable";
      case AppendResult.Conflict conflict -> "conflict";
      case AppendResult.StoreBehind behind -> "store_behind";
    };
  }

  static String of(CommandOutcome<?> outcome) {
    return switch (outcome) {
      case CommandOutcome.Accepted<?> accepted -> "accepted";
      case CommandOutcome.NotDurable<?> notDurable -> "not_durable";
      case CommandOutcome.Unchanged<?> unchanged -> "unchanged";
      case CommandOutcome.Rejected<?> rejected -> "rejected";
      case CommandOutcome.AlreadyHandled<?> already -> "already_handled";
    };
  }

  static String of(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return switch (cause) {
      case OverloadedException overloaded -> "overloaded";
      case AppendOutcomeUnknownException unknown -> "unknown";
      case StoreUnavailableException unavailable -> "unavailable";
      case ContentionException contention -> "contention";
      case null, default -> "failed";
    };
  }
}
