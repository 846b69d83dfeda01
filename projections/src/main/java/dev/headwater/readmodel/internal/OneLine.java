package dev.headwater.readmodel.internal;

import java.sql.SQLException;

/** Failures as one line for people. */
public final class OneLine {
  private OneLine() {}

  /** The first line of its message, with its kind unless the message speaks for itself. */
  public static String of(Throwable failure) {
    Throwable named = failure;
    if (failure.getMessage() == null && failure.getCause() != null) {
      named = failure.getCause();
    }
    String message = named.getMessage();
    String line = message == null ? "" : message.lines().findFirst().orElse("");
    return speaksForItself(named) ? line : named.getClass().getSimpleName() + ": " + line;
  }

  private static boolean speaksForItself(Throwable failure) {
    return failure instanceof SQLException
        || failure.getClass().getName().startsWith("dev.headwater.");
  }
}
