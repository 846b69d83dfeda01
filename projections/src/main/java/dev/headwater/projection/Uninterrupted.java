package dev.headwater.projection;

/** Waits to the end although the thread is interrupted, and hands the interrupt on. */
final class Uninterrupted {
  private Uninterrupted() {}

  /** Something that waits; called again after an interrupt. */
  @FunctionalInterface
  interface Waiting {
    void run() throws InterruptedException;
  }

  static void run(Waiting waiting) {
    boolean interrupted = false;
    while (true) {
      try {
        waiting.run();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
