package dev.headwater.redis.faults;

import dev.headwater.event.StreamId;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Concurrent writers on one store: three on streams of their own, three that contend for two
 * streams, two that command three aggregates. Each does one thing after another until it is told to
 * stop, and ends no earlier than what it has begun is decided.
 */
final class Workload implements AutoCloseable {
  /** One of the writers. */
  interface Part {
    /** Does one thing and tells the ledger what came of it. */
    void step(Random random);
  }

  private static final int MAX_PAUSE_MILLIS = 1;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final RedisEventStore store;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile boolean stopped;

  /**
   * Starts.
   *
   * @param run tells this workload from all others that write to the same store
   * @param mayLose whether it is in order that the store forgets what it has acknowledged; if it
   *     isn't, a writer that meets it fails
   */
  Workload(RedisStoreOptions options, Ledger ledger, String run, Random random, boolean mayLose) {
    store = RedisEventStore.connect(options);
    for (int i = 0; i < 3; i++) {
      String own = run + "-own" + i;
      start(own, random, new Writer(own, store, ledger, streams("Own", own, 20), mayLose));
      String shared = run + "-shared" + i;
      start(shared, random, new Writer(shared, store, ledger, streams("Shared", "", 2), mayLose));
    }
    for (int i = 0; i < 2; i++) {
      String command = run + "-command" + i;
      List<String> aggregates = List.of("a", "b", "c");
      start(command, random, new Commander(command, store, ledger, aggregates, mayLose));
    }
  }

  private static List<StreamId> streams(String type, String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> new StreamId(type, prefix + i)).toList();
  }

  private void start(String name, Random seeds, Part part) {
    Random random = new Random(seeds.nextLong());
    threads.add(
        Thread.ofPlatform()
            .daemon()
            .name(name)
            .start(
                () -> {
                  try {
                    while (!stopped) {
                      part.step(random);
                      pause(random.nextInt(1 + MAX_PAUSE_MILLIS));
                    }
                  } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                  }
                }));
  }

  /** Throws what a writer has failed with. */
  void check() {
    Throwable failed = failure.get();
    if (failed != null) {
      throw new AssertionError("a writer failed: " + failed.getMessage(), failed);
    }
  }

  /** Waits until everything that was begun is decided. */
  void stop() throws InterruptedException {
    stopped = true;
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (Thread thread : threads) {
      if (!thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
        throw new AssertionError(
            "writer " + thread.getName() + " did not end within " + PATIENCE.toSeconds() + " s");
      }
    }
    check();
  }

  static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    stopped = true;
    store.close();
  }
}
