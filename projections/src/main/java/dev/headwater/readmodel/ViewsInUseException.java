package dev.headwater.readmodel;

/** Views of a read model can't be changed. The message says who uses them. */
public final class ViewsInUseException extends ReadModelException {
  private final boolean passing;

  private ViewsInUseException(String message, boolean passing) {
    super(message);
    this.passing = passing;
  }

  /** Queries use them just now. */
  static ViewsInUseException byQueries(String message) {
    return new ViewsInUseException(message, true);
  }

  /** Other views are made of them. */
  static ViewsInUseException byViews(String message) {
    return new ViewsInUseException(message, false);
  }

  /** Whether the same call may succeed a moment later. */
  public boolean isPassing() {
    return passing;
  }
}
