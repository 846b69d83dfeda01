package dev.headwater.readmodel;

/** Views of a read model can't be changed now. The message says who uses them. */
public final class ViewsInUseException extends ReadModelException {
  ViewsInUseException(String message, Throwable cause) {
    super(message, cause);
  }
}
