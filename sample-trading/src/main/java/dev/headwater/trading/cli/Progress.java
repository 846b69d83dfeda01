package dev.headwater.trading.cli;

import dev.headwater.projection.ReplayProgress;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows how a long task proceeds on the error stream: bars with rate and time to go in a terminal,
 * otherwise a plain line now and then. Thread-safe. Closed when the task ends.
 */
final class Progress implements AutoCloseable {
  private static final long LINE_EVERY_NANOS = 2_000_000_000L;

  private final boolean headless;
  private final PrintWriter err;
  private final Map<String, ProgressBar> bars = new LinkedHashMap<>();
  private final Map<String, Line> lines = new LinkedHashMap<>();

  Progress(boolean headless, PrintWriter err) {
    this.headless = headless;
    this.err = err;
  }

  private static final class Line {
    final long start = System.nanoTime();
    long printed = start;
    long done;
    long total;
  }

  /**
   * Tells how far a task is.
   *
   * @param total negative if it is not known
   * @param unit what is counted, such as {@code events}
   */
  synchronized void at(String task, String unit, long done, long total) {
    if (headless) {
      Line line = lines.computeIfAbsent(task, t -> new Line());
      line.done = done;
      line.total = total;
      if (System.nanoTime() - line.printed > LINE_EVERY_NANOS) {
        line.printed = System.nanoTime();
        print(task, unit, line);
      }
      return;
    }
    ProgressBar bar = bars.computeIfAbsent(task, t -> bar(t, unit, total));
    if (total >= 0) {
      bar.maxHint(total);
    }
    bar.stepTo(done);
  }

  /** Tells how far a version of a projection is that is being built. */
  void rebuilt(ReplayProgress progress) {
    at(
        "build " + progress.projection() + "@" + progress.version(),
        "events",
        progress.applied(),
        progress.total());
  }

  /** Tells how far a replay is. */
  void replayed(ReplayProgress progress) {
    at("replay " + progress.projection(), "events", progress.applied(), progress.total());
  }

  private void print(String task, String unit, Line line) {
    double seconds = (System.nanoTime() - line.start) / 1e9;
    double rate = line.done / Math.max(seconds, 1e-9);
    String eta =
        line.total > 0 && line.done > line.total / 100
            ? String.format(
                Locale.ROOT, ", %.0f s to go", Math.max(0, line.total - line.done) / rate)
            : "";
    err.printf(
        Locale.ROOT,
        "%s: %,d%s %s, %,.0f/s%s%n",
        task,
        line.done,
        line.total >= 0 ? String.format(Locale.ROOT, " of %,d", line.total) : "",
        unit,
        rate,
        eta);
    err.flush();
  }

  private ProgressBar bar(String task, String unit, long total) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setUnit(" " + unit, 1)
        .setInitialMax(total)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(200)
        .showSpeed()
        .build();
  }

  @Override
  public synchronized void close() {
    bars.values().forEach(ProgressBar::close);
  }
}
