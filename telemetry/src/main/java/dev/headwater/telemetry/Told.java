package dev.headwater.telemetry;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Futures that tell somebody of their outcome before they complete. */
final class Told {
  private Told() {}

  /**
   * Completes as {@code future} does, with the same value or the very exception, after {@code
   * listener} was told.
   */
  static <T> CompletableFuture<T> of(
      CompletableFuture<T> future, BiConsumer<@Nullable T, @Nullable Throwable> listener) {
    CompletableFuture<T> told = new CompletableFuture<>();
    var unused =
        future.whenComplete(
            (value, failure) -> {
              try {
                listener.accept(value, failure);
              } finally {
                complete(told, value, failure);
              }
            });
    return told;
  }

  @SuppressWarnings("NullAway") // a future may hold null where its type allows that
  private static <T> void complete(
      CompletableFuture<T> told, @Nullable T value, @Nullable Throwable failure) {
    if (failure == null) {
      told.complete(value);
    } else {
      told.completeExceptionally(failure);
    }
  }
}
