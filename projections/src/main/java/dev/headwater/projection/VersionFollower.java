package dev.headwater.projection;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks once in a while which versions other processes have made, and has a runner run them. */
final class VersionFollower implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(VersionFollower.class);

  private final Source source;
  private final Supplier<Set<ProjectionId>> known;
  private final Consumer<Projection> run;
  private final Duration interval;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private String trouble = "";

  /** Where versions come from. */
  @FunctionalInterface
  interface Source {
    /** Versions that can be run here besides those that are known, ready to be run. */
    List<Projection> besides(Set<ProjectionId> known);
  }

  VersionFollower(
      Source source,
      Supplier<Set<ProjectionId>> known,
      Consumer<Projection> run,
      Duration interval) {
    this.source = source;
    this.known = known;
    this.run = run;
    this.interval = interval;
  }

  void stop() {
    stopped.countDown();
  }

  @Override
  public void run() {
    try {
      while (!stopped.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Looks now. */
  synchronized void look() {
    try {
      for (Projection version : source.besides(known.get())) {
        LOG.info("version {} was made: it is run here too", ProjectionId.of(version));
        run.accept(version);
      }
      trouble = "";
    } catch (RuntimeException e) {
      String reason = Failures.describe(e);
      if (!reason.equals(trouble)) {
        LOG.warn("versions that other processes made are not run here: {}", reason);
      }
      trouble = reason;
    }
  }
}
