package dev.headwater.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Threads that begin at the same moment. */
final class Race {
  private final int racers;
  private final List<FutureTask<Void>> tasks = new ArrayList<>();

  private Race(int racers) {
    this.racers = racers;
  }

  static Race of(int racers) {
    return new Race(racers);
  }

  /** Runs it and waits for all. */
  static void run(int racers, Racer racer) {
    Race race = new Race(racers);
    race.start(racer);
    race.join();
  }

  void start(Racer racer) {
    CountDownLatch gate = new CountDownLatch(racers);
    for (int i = 0; i < racers; i++) {
      int index = i;
      FutureTask<Void> task =
          new FutureTask<>(
              () -> {
                gate.countDown();
                gate.await();
                racer.run(index);
                return null;
              });
      tasks.add(task);
      Thread.ofVirtual().start(task);
    }
  }

  /** Waits for all and fails with the first failure. */
  void join() {
    for (FutureTask<Void> task : tasks) {
      try {
        task.get();
      } catch (ExecutionException e) {
        throw new AssertionError("a racer failed: " + e.getCause(), e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }
  }

  /** What each thread does. */
  @FunctionalInterface
  interface Racer {
    void run(int index) throws Exception;
  }
}
