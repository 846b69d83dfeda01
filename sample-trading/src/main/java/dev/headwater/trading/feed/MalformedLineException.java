package dev.headwater.trading.feed;

import org.jspecify.annotations.Nullable;

/** A line of a file is not what the file's format says. The message tells where and why. */
public final class MalformedLineException extends RuntimeException {
  private final long line;

  MalformedLineException(String file, long line, @Nullable String column, String reason) {
    super(file + ":" + line + ": " + (column == null ? "" : "column " + column + ": ") + reason);
    this.line = line;
  }

  /** Its number, from 1. */
  public long line() {
    return line;
  }
}
