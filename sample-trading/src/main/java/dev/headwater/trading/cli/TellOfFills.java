package dev.headwater.trading.cli;

import dev.headwater.effect.Effect;
import dev.headwater.trading.notice.FillNotice;
import dev.headwater.trading.notice.FillNotices;
import dev.headwater.trading.notice.SendNotice;
import dev.headwater.trading.venue.RunningEffect;
import dev.headwater.trading.venue.Venue;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** Runs the effect {@link FillNotices}, and counts. */
final class TellOfFills implements Notices {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Venue venue;
  private final SendNotice target;
  private final AtomicLong sent = new AtomicLong();
  private final Effect effect =
      new FillNotices(
          new SendNotice() {
            @Override
            public void send(FillNotice notice) throws IOException, InterruptedException {
              target.send(notice);
              sent.incrementAndGet();
            }

            @Override
            public void close() {}
          });
  private final RunningEffect running;

  TellOfFills(Venue venue, SendNotice target) {
    this.venue = venue;
    this.target = target;
    try {
      running = venue.run(effect);
    } catch (RuntimeException e) {
      target.close();
      throw e;
    }
  }

  @Override
  public void finish(PrintWriter out, PrintWriter err) {
    boolean complete = running.awaitCaughtUp(PATIENCE);
    out.printf(
        Locale.ROOT,
        "told of fills: %,d notices to %s, each with an id of its own%n",
        sent.get(),
        target);
    out.flush();
    if (!complete) {
      err.printf(
          "some notices are not sent after %d s; the next run with --notify goes on with them%n",
          PATIENCE.toSeconds());
    }
    int letters = venue.deadLetters(effect).list().size();
    if (letters > 0) {
      err.printf(
          "effect %s has given up on fills, %d event%s wait: ./trading effects list%n",
          effect.name(), letters, letters == 1 ? "" : "s");
    }
    err.flush();
  }

  @Override
  public void close() {
    running.close();
    target.close();
  }
}
