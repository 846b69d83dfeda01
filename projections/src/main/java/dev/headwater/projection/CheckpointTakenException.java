package dev.headwater.projection;

/** The checkpoint is not where this runner left it: somebody else runs the projection. */
final class CheckpointTakenException extends RuntimeException {
  CheckpointTakenException(String message) {
    super(message);
  }
}
