package dev.headwater.trading.cli;

import dev.headwater.readmodel.ReadModelFingerprint;
import dev.headwater.trading.readmodel.Summary;
import dev.headwater.trading.readmodel.SummaryOf;
import dev.headwater.trading.simulation.Listing;
import dev.headwater.trading.simulation.SimulatedSession;
import dev.headwater.trading.venue.CommandRun;
import dev.headwater.trading.venue.Venue;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./trading demo}: orders to events to read models, and back from the events alone. */
@Command(
    name = "demo",
    description =
        "Runs a simulated trading session into Redis Streams and SQL read models, then replays them"
            + " and compares.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final int DIFFERENT = 3;

  @Spec private CommandSpec spec;
  @Mixin private VenueOptions venueOptions;
  @Mixin private NoticeOptions noticeOptions;

  @Option(
      names = "--orders",
      paramLabel = "N",
      description = "about how many commands (default: ${DEFAULT-VALUE})")
  private int orders = 20_000;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "another seed, another session (default: ${DEFAULT-VALUE})")
  private long seed = 42;

  @Override
  public Integer call() {
    if (orders < 1) {
      throw new IllegalArgumentException("--orders must be at least 1, was: " + orders);
    }
    PrintWriter out = spec.commandLine().getOut();
    try (Venue venue = venueOptions.open()) {
      out.printf("venue in %s%n", venue.dataFolder());
      venue.projections().start();
      ReadModels.awaitCaughtUp(venue);
      long earlier = events(venue);
      if (earlier > 0) {
        out.printf(Locale.ROOT, "found %,d events of earlier runs, kept%n", earlier);
      }
      out.flush();
      boolean same;
      try (Notices notices = noticeOptions.start(venue)) {
        trade(venue, out);
        same = isSameAfterReplay(venue, out);
        notices.finish(out, spec.commandLine().getErr());
      }
      ReadModels.tellOfParked(venue, spec.commandLine().getErr());
      out.printf("%nQuery the read models with SQL:%n  %s%n", sqlHint(venue));
      out.flush();
      return same ? 0 : DIFFERENT;
    }
  }

  private static long events(Venue venue) {
    return venue.projections().status().getFirst().applied();
  }

  private void trade(Venue venue, PrintWriter out) {
    CommandRun.Result result;
    try (Progress progress = new Progress(venueOptions.headless(), spec.commandLine().getErr())) {
      SimulatedSession session = new SimulatedSession(seed, orders);
      result =
          new CommandRun(venue, names(), sent -> progress.at("trading", "commands", sent, orders))
              .send(session);
      progress.at("trading", "commands", result.commands(), result.commands());
    }
    long lag =
        venue.projections().status().stream().mapToLong(status -> status.lag()).max().orElse(0);
    long start = System.nanoTime();
    ReadModels.awaitCaughtUp(venue);
    double caughtUp = (System.nanoTime() - start) / 1e6;
    out.printf(
        Locale.ROOT,
        "sent %,d commands in %.2f s (%,.0f commands/s), stored %,d events (%,.0f events/s)%s%n",
        result.commands(),
        result.seconds(),
        result.commands() / result.seconds(),
        result.events(),
        result.events() / result.seconds(),
        result.handledBefore() == 0
            ? ""
            : String.format(Locale.ROOT, "; %,d had been handled before", result.handledBefore()));
    out.printf(
        Locale.ROOT,
        "projection lag after the last command: %,d events, gone after %.0f ms%n%n",
        lag,
        caughtUp);
    Summary summary = venue.queries().query(new SummaryOf(result.symbols()), Summary.class).join();
    new SummaryPrinter(out).print(summary);
  }

  private static Map<String, String> names() {
    return SimulatedSession.listings().stream()
        .collect(Collectors.toMap(Listing::symbol, listing -> listing.terms().name()));
  }

  private boolean isSameAfterReplay(Venue venue, PrintWriter out) {
    ReadModelFingerprint before = ReadModels.fingerprint(venue);
    out.printf("%ndropping the read models and replaying from ID zero%n");
    out.flush();
    Set<String> all =
        Venue.projectionList().stream().map(p -> p.name()).collect(Collectors.toSet());
    ReplayCommand.replay(
        venue, all, new Progress(venueOptions.headless(), spec.commandLine().getErr()), out);
    ReadModelFingerprint after = ReadModels.fingerprint(venue);
    before
        .tables()
        .forEach(
            (table, fingerprint) ->
                out.printf(
                    Locale.ROOT,
                    "  %-16s %,9d rows, checksum %.16s  %s%n",
                    table,
                    fingerprint.rows(),
                    fingerprint.checksum(),
                    fingerprint.equals(after.tables().get(table))
                        ? "same after replay"
                        : "DIFFERENT: " + after.tables().get(table)));
    boolean same = before.equals(after);
    out.println(same ? "the read models are the same as before" : "THE READ MODELS DIFFER");
    return same;
  }

  private static String sqlHint(Venue venue) {
    if (!venue.readModelUrl().startsWith("jdbc:h2:")) {
      return "psql '" + venue.readModelUrl() + "'";
    }
    String jar = org.h2.Driver.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    return String.format(
        "'%s/bin/java' -cp '%s' org.h2.tools.Shell -url '%s' -user sa -password ''",
        System.getProperty("java.home"), jar, venue.readModelUrl());
  }
}
