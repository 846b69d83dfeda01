package dev.headwater.readmodel;

import org.jspecify.annotations.Nullable;

/** Root of what this package throws. Messages say what failed, where, and what to do. */
public class ReadModelException extends RuntimeException {
  /** With a message that a developer or an operator understands. */
  public ReadModelException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** With a message that a developer or an operator understands. */
  public ReadModelException(String message) {
    super(message);
  }
}
