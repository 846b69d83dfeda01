package dev.headwater.effect;

/** Failures as one line for people. */
final class Errors {
  private Errors() {}

  static String describe(Throwable failure) {
    String message = failure.getMessage();
    String line = message == null ? "" : message.lines().findFirst().orElse("");
    return failure.getClass().getName().startsWith("dev.headwater.")
        ? line
        : failure.getClass().getSimpleName() + ": " + line;
  }
}
