package dev.headwater.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code redis-benchmark}, which comes with Redis: the least that a client can do, so what it
 * reaches with a command is the limit of the server on this machine.
 */
final class RedisBenchmark {
  /** Stands for another number of 12 digits in each call. */
  static final String RANDOM = "__rand_int__";

  private static final int FEW = 200;

  /** Calls a second, and of the latencies (average, minimum, p50, p95, p99, maximum) two. */
  private static final Pattern FIGURES =
      Pattern.compile(
          "\"(inf|[0-9.]+)\",\"[^\"]*\",\"[^\"]*\",\"([0-9.]+)\",\"[^\"]*\",\"([0-9.]+)\",\"[^\"]*\"$");

  private final Bench bench;
  private final int clients;
  private final int pipeline;
  private final int keyspace;

  /**
   * @param depth calls under way: 16 on each connection, or all on one if they are fewer
   * @param keyspace how many numbers {@link #RANDOM} may stand for
   */
  private RedisBenchmark(Bench bench, int depth, int keyspace) {
    this.bench = bench;
    this.pipeline = Math.min(16, depth);
    this.clients = Math.max(1, depth / pipeline);
    this.keyspace = keyspace;
  }

  static RedisBenchmark of(Bench bench, int depth, int keyspace) {
    return new RedisBenchmark(bench, depth, keyspace);
  }

  static boolean isInstalled() {
    try {
      return new ProcessBuilder("redis-benchmark", "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Makes the call for about {@code length}, after a few calls that tell how many that will be. */
  Round run(Duration length, List<String> call) throws IOException, InterruptedException {
    double rate = call(FEW, call).perSecond();
    if (FEW < 0.05 * rate) {
      rate = call((int) (0.05 * rate), call).perSecond();
    }
    return call((int) Math.max(FEW, rate * length.toNanos() / 1e9), call);
  }

  private Round call(int count, List<String> call) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("redis-benchmark", "-p", String.valueOf(bench.server.port())));
    command.addAll(List.of("-c", String.valueOf(clients), "-P", String.valueOf(pipeline)));
    command.addAll(List.of("-n", String.valueOf(count), "-r", String.valueOf(keyspace)));
    command.addAll(List.of("--csv", "--precision", "3"));
    command.addAll(call);
    double before = bench.cpu();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0 || output.contains("ERR")) {
      throw new IllegalStateException("redis-benchmark failed: " + output);
    }
    String last = output.strip().lines().reduce((first, second) -> second).orElseThrow();
    Matcher figures = FIGURES.matcher(last);
    if (!figures.find()) {
      throw new IllegalStateException("redis-benchmark printed: " + output);
    }
    return new Round(
        count,
        perSecond(figures.group(1)),
        Double.parseDouble(figures.group(2)) * 1e3,
        Double.parseDouble(figures.group(3)) * 1e3,
        (bench.cpu() - before) / count,
        Double.NaN);
  }

  /** It counts milliseconds, and calls what takes less than one infinitely fast. */
  private static double perSecond(String shown) {
    return shown.equals("inf") ? FEW * 1e3 : Double.parseDouble(shown);
  }
}
