package dev.headwater.aggregate;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Does tasks one after another, in the order in which they are submitted. Whoever submits to an
 * idle queue is its worker until it is empty, if on a virtual thread, because tasks may have to
 * wait; others only add to it. Thread-safe.
 */
final class WorkQueue {
  /** Tasks that one caller's thread works through before a virtual thread takes over. */
  private static final int SHIFT = 1_000;

  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger submitted = new AtomicInteger();

  void submit(Runnable task) {
    tasks.add(task);
    if (submitted.getAndIncrement() == 0) {
      Thread caller = Thread.currentThread();
      if (caller.isVirtual() && !caller.isInterrupted()) {
        work();
      } else { // it may be a thread that brings the store's answers: reading would wait for itself
        Thread.startVirtualThread(this::work);
      }
    }
  }

  private void work() {
    int shift = SHIFT;
    do {
      Runnable task = tasks.poll();
      if (task != null) {
        task.run();
      }
      boolean tired = --shift <= 0 || Thread.currentThread().isInterrupted();
      if (tired && submitted.get() > 1) {
        submitted.decrementAndGet();
        Thread.startVirtualThread(this::work);
        return;
      }
    } while (submitted.decrementAndGet() > 0);
  }
}
