package dev.headwater.projection;

/** The version that a runner is to apply events to is not there (any more). */
final class VersionDroppedException extends RuntimeException {
  VersionDroppedException(String message) {
    super(message);
  }
}
