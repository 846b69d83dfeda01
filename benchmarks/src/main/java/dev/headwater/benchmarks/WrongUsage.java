package dev.headwater.benchmarks;

import java.io.Serial;

/** The command line can't be understood; the message says what was expected. */
final class WrongUsage extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  WrongUsage(String message) {
    super(message);
  }
}
