package dev.headwater.benchmarks;

import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.CommandOutcome;
import dev.headwater.benchmarks.Samples.Placed;
import dev.headwater.event.StreamId;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.store.AppendResult.Appended;
import io.lettuce.core.RedisClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Defends group commit, one script call in flight a partition: how many commits a second concurrent
 * handlers reach, and how long each waits. Every handler sends a command to an aggregate of its own
 * (load, decide, append one event of 270 bytes) and waits for the outcome; with {@code --path
 * store} it appends without load and decision.
 *
 * <p>Options and their defaults: {@code --path handlers --writers 64 --seconds 5 --rounds 3 --fsync
 * everysec --events 1} (so many commits an aggregate).
 */
public final class AppendBenchmark {
  private final RedisEventStore store;
  private final long serverPid;
  private final int writers;
  private final int eventsPerStream;
  private final boolean throughHandlers;
  private final AggregateRuntime<Placed, Long, Placed> orders;

  private AppendBenchmark(
      RedisEventStore store,
      long serverPid,
      int writers,
      int eventsPerStream,
      boolean throughHandlers) {
    this.store = store;
    this.serverPid = serverPid;
    this.writers = writers;
    this.eventsPerStream = eventsPerStream;
    this.throughHandlers = throughHandlers;
    this.orders = Samples.orders(store);
  }

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    Arguments arguments = new Arguments(args);
    int writers = arguments.number("writers", 64);
    int seconds = arguments.number("seconds", 5);
    int rounds = arguments.number("rounds", 3);
    Path folder = Files.createTempDirectory("headwater-benchmark");
    Fsync fsync =
        Fsync.valueOf(arguments.text("fsync", "everysec").toUpperCase(java.util.Locale.ROOT));
    try (RedisServer server = RedisServer.start(RedisServerOptions.in(folder).withFsync(fsync));
        RedisEventStore store = RedisEventStore.connect(RedisStoreOptions.at(server.uri()))) {
      var benchmark =
          new AppendBenchmark(
              store,
              server.pid(),
              writers,
              arguments.number("events", 1),
              arguments.text("path", "handlers").equals("handlers"));
      benchmark.round(seconds); // warms up
      List<Result> results = new ArrayList<>();
      for (int i = 0; i < rounds; i++) {
        results.add(benchmark.round(seconds));
      }
      results.sort(java.util.Comparator.comparingDouble(Result::perSecond));
      Result median = results.get(rounds / 2);
      arguments.print(
          "{\"benchmark\":\"append\",\"path\":\"%s\",\"writers\":%d,\"fsync\":\"%s\",\"commits_per_second\":%.0f,"
              + "\"p50_us\":%.0f,\"p99_us\":%.0f,\"max_us\":%.0f,"
              + "\"server_cpu_us\":%.1f,\"client_cpu_us\":%.1f,\"commits_per_call\":%.1f}",
          "append through %s: %d writers, fsync %s: %.0f commits/s, p50 %.0f us, p99 %.0f us, max"
              + " %.0f us; CPU a commit: server %.1f us, client %.1f us; %.1f commits a call",
          benchmark.throughHandlers ? "handlers" : "store",
          writers,
          fsync.name().toLowerCase(java.util.Locale.ROOT),
          median.perSecond(),
          median.micros(50),
          median.micros(99),
          median.micros(100),
          median.serverMicros(),
          median.clientMicros(),
          benchmark.commitsPerCall(server.uri()));
    } finally {
      deleteAll(folder);
    }
  }

  private record Result(
      double perSecond, Histogram nanos, double serverMicros, double clientMicros) {
    double micros(double percentile) {
      return nanos.getValueAtPercentile(percentile) / 1_000.0;
    }
  }

  private Result round(int seconds) throws InterruptedException {
    Histogram all = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
    CountDownLatch ended = new CountDownLatch(writers);
    double serverBefore = cpuMicros(serverPid);
    double clientBefore = cpuMicros(ProcessHandle.current().pid());
    long start = System.nanoTime();
    long end = start + TimeUnit.SECONDS.toNanos(seconds);
    for (int i = 0; i < writers; i++) {
      Thread.ofVirtual()
          .start(
              () -> {
                Histogram own = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
                write(end, own);
                synchronized (all) {
                  all.add(own);
                }
                ended.countDown();
              });
    }
    ended.await();
    double elapsed = (System.nanoTime() - start) / 1e9;
    return new Result(
        all.getTotalCount() / elapsed,
        all,
        (cpuMicros(serverPid) - serverBefore) / all.getTotalCount(),
        (cpuMicros(ProcessHandle.current().pid()) - clientBefore) / all.getTotalCount());
  }

  /** CPU time that a process has used. */
  private static double cpuMicros(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .map(cpu -> cpu.toNanos() / 1_000.0)
        .orElse(Double.NaN);
  }

  /** How well commits were batched, over all rounds. */
  private double commitsPerCall(String uri) {
    long commits = 0;
    for (int p = 0; p < store.partitionCount(); p++) {
      commits += store.head(p).sequence();
    }
    try (RedisClient client = RedisClient.create(uri);
        var connection = client.connect()) {
      String stats = connection.sync().info("commandstats");
      String calls = stats.replaceAll("(?s).*cmdstat_evalsha:calls=(\\d+).*", "$1");
      return (double) commits / Long.parseLong(calls);
    }
  }

  private void write(long end, Histogram nanos) {
    StreamId stream = Samples.newOrder();
    long version = 0;
    long begin = System.nanoTime();
    while (begin < end) {
      if (version == eventsPerStream) {
        stream = Samples.newOrder();
        version = 0;
      }
      commit(stream, version);
      version++;
      long now = System.nanoTime();
      nanos.recordValue(now - begin);
      begin = now;
    }
  }

  private void commit(StreamId stream, long version) {
    boolean done =
        throughHandlers
            ? orders.handleAndWait(stream.id(), Samples.newId(), Samples.metadata(), Placed.SAMPLE)
                instanceof CommandOutcome.Accepted<Placed>
            : store.appendAndWait(Samples.commit(stream, version)) instanceof Appended;
    if (!done) {
      throw new IllegalStateException("nobody else writes to " + stream);
    }
  }

  static void deleteAll(Path folder) throws java.io.IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
