package dev.headwater.aggregate;

/**
 * Thrown by a {@link Decider} when a rule forbids a command. A value rather than a failure: it has
 * no stack trace, and the command path hands it to the caller as {@link CommandOutcome.Rejected}.
 */
public final class Rejection extends RuntimeException {
  private final String code;
  private final String message;

  /**
   * A rejection.
   *
   * @param code which rule, one stable word for programs, such as {@code ORDER_UNKNOWN}
   * @param message for people
   */
  public Rejection(String code, String message) {
    super(message, null, false, false);
    this.code = code;
    this.message = message;
  }

  @Override
  public String getMessage() {
    return message;
  }

  /** Which rule, one stable word for programs. */
  public String code() {
    return code;
  }
}
