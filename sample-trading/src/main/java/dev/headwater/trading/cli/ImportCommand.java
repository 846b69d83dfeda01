package dev.headwater.trading.cli;

import dev.headwater.trading.book.OrderBookCommand.OpenBook;
import dev.headwater.trading.feed.CommandFeed;
import dev.headwater.trading.feed.LobsterFile;
import dev.headwater.trading.feed.LobsterFile.Executions;
import dev.headwater.trading.feed.MalformedLineException;
import dev.headwater.trading.feed.OrdersFile;
import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import dev.headwater.trading.readmodel.Summary;
import dev.headwater.trading.readmodel.SummaryOf;
import dev.headwater.trading.venue.CommandRun;
import dev.headwater.trading.venue.Venue;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./trading import}: a file of orders through the same path as live ones. */
@Command(
    name = "import",
    description = "Imports a file of orders, plain or .gz. Importing a file again changes nothing.",
    mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
  enum Format {
    orders,
    lobster
  }

  @Spec private CommandSpec spec;
  @Mixin private VenueOptions venueOptions;
  @Mixin private NoticeOptions noticeOptions;

  @Option(names = "--format", required = true, description = "${COMPLETION-CANDIDATES}")
  private Format format;

  @Parameters(paramLabel = "FILE", description = "orders as CSV, or LOBSTER messages")
  private Path file;

  @Option(
      names = "--executions",
      description =
          "lobster: executions happen to the order that they name (reported), or are incoming"
              + " orders that the book matches (matched); default: ${DEFAULT-VALUE}")
  private Executions executions = Executions.REPORTED;

  @Option(
      names = "--seed-book",
      paramLabel = "PREOPEN",
      description = "lobster: orders that rested before the first message")
  private @Nullable Path seedBook;

  @Option(
      names = "--check",
      paramLabel = "ORDERBOOK",
      description = "lobster: published order book to compare the best bid and offer with")
  private @Nullable Path check;

  @Option(
      names = "--min-equal",
      paramLabel = "N",
      description = "with --check: exit with status 3 if fewer states are equal")
  private long minEqual;

  @Option(
      names = "--symbol",
      description = "lobster: instrument, if the file's name does not begin with it")
  private @Nullable String symbol;

  @Option(names = "--date", description = "lobster: yyyy-mm-dd, if the file's name does not tell")
  private @Nullable LocalDate date;

  @Option(
      names = "--tick",
      description =
          "orders: tick size of instruments that are not listed yet (default: ${DEFAULT-VALUE})")
  private String tick = "0.00000001";

  @Option(
      names = "--lot",
      description =
          "orders: lot size of instruments that are not listed yet (default: ${DEFAULT-VALUE})")
  private String lot = "0.00000001";

  @Option(
      names = "--skip-invalid",
      description = "count and skip malformed lines instead of stopping at the first")
  private boolean skipInvalid;

  @Option(names = "--json", description = "print the summary as JSON")
  private boolean json;

  @Override
  public Integer call() {
    requireReadable();
    try (CommandFeed feed = open();
        Venue venue = venueOptions.open()) {
      venue.projections().start();
      CommandRun.Result result;
      try (Notices notices = noticeOptions.start(venue)) {
        result = send(feed, venue);
        ReadModels.awaitCaughtUp(venue);
        PrintWriter err = spec.commandLine().getErr();
        notices.finish(json ? err : spec.commandLine().getOut(), err);
      }
      ReadModels.tellOfParked(venue, spec.commandLine().getErr());
      return report(feed, venue, result);
    }
  }

  private void requireReadable() {
    for (Path path : new Path[] {file, seedBook, check}) {
      if (path != null && (!Files.isRegularFile(path) || !Files.isReadable(path))) {
        throw new IllegalArgumentException("can't read file " + path);
      }
    }
  }

  private CommandFeed open() {
    return switch (format) {
      case orders ->
          OrdersFile.open(
              file,
              new OrdersFile.Options(
                  skipInvalid, new OpenBook(Price.parse(tick), Quantity.parse(lot))));
      case lobster ->
          LobsterFile.open(
              file, new LobsterFile.Options(executions, seedBook, symbol, date, skipInvalid));
    };
  }

  private LobsterFile.Options lobster() {
    return new LobsterFile.Options(executions, seedBook, symbol, date, skipInvalid);
  }

  private ImportReport.@Nullable Check check(Venue venue, Set<String> symbols) {
    return check == null
        ? null
        : ImportReport.Check.of(venue, symbols, LobsterFile.opening(file, lobster()), check);
  }

  private CommandRun.Result send(CommandFeed feed, Venue venue) {
    try (Progress progress = new Progress(venueOptions.headless(), spec.commandLine().getErr())) {
      return new CommandRun(
              venue,
              Map.of(),
              sent -> progress.at("import", "commands", sent, expected(feed, sent)))
          .send(feed);
    } catch (MalformedLineException e) {
      ReadModels.awaitCaughtUp(venue);
      throw new IllegalArgumentException(
          e.getMessage()
              + "\n"
              + feed.progress().commands()
              + " commands before it are imported; mend the line and import the file again, or use"
              + " --skip-invalid",
          e);
    }
  }

  /** How many commands the file will have, going by the bytes so far. */
  private static long expected(CommandFeed feed, long sent) {
    var progress = feed.progress();
    return progress.bytesRead() <= 0 ? sent : sent * progress.bytesTotal() / progress.bytesRead();
  }

  private int report(CommandFeed feed, Venue venue, CommandRun.Result result) {
    PrintWriter out = spec.commandLine().getOut();
    Set<String> symbols = result.symbols();
    Summary summary = venue.queries().query(new SummaryOf(symbols), Summary.class).join();
    ImportReport report = ImportReport.of(file, result, feed, summary, check(venue, symbols));
    if (json) {
      out.println(report.toJson());
    } else {
      report.print(out, summary);
    }
    out.flush();
    return report.isBelow(minEqual) ? 3 : 0;
  }
}
