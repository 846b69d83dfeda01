package dev.headwater.trading.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.headwater.trading.feed.BestBidOfferCheck;
import dev.headwater.trading.feed.BestBidOfferFeed;
import dev.headwater.trading.feed.CommandFeed;
import dev.headwater.trading.feed.LobsterFile;
import dev.headwater.trading.readmodel.Summary;
import dev.headwater.trading.readmodel.Summary.Candle;
import dev.headwater.trading.readmodel.Summary.Instrument;
import dev.headwater.trading.readmodel.Summary.Trade;
import dev.headwater.trading.venue.CommandRun;
import dev.headwater.trading.venue.Venue;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an import says at its end. All but the run's own figures ({@code sent} to {@code
 * commandsPerSecond}) comes from the read models and so covers everything that was ever done in the
 * books of the file's symbols. The components in their order are the JSON form.
 *
 * @param sent commands of this run
 * @param handledBefore those of them that an earlier import had sent
 * @param invalidLines skipped ones
 * @param check null where nothing was to be compared
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record ImportReport(
    String file,
    Set<String> symbols,
    long sent,
    long handledBefore,
    long invalidLines,
    List<String> problems,
    double seconds,
    long commandsPerSecond,
    long commands,
    long accepted,
    long rejectedTotal,
    Map<String, Long> rejected,
    long events,
    long trades,
    BigDecimal quantity,
    @Nullable BigDecimal vwap,
    @Nullable BigDecimal high,
    @Nullable BigDecimal low,
    @Nullable Trade firstTrade,
    @Nullable Trade lastTrade,
    long hiddenTrades,
    BigDecimal hiddenQuantity,
    long openOrders,
    long leavesMismatches,
    List<Instrument> instruments,
    List<Candle> candles,
    @Nullable Check check) {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .build();

  /**
   * How many best-bid/offer states, as the read model has kept them, agree with the published ones.
   */
  record Check(long states, long equal, long equalFromStart, @Nullable String firstDifference) {
    static Check of(Venue venue, Set<String> symbols, Instant opening, Path published) {
      String symbol = symbols.iterator().next();
      try (BestBidOfferFeed feed = LobsterFile.openBestBidOffers(published)) {
        BestBidOfferCheck check =
            BestBidOfferCheck.of(
                feed, venue.readModelQueries().bestBidOfferHistory(symbol, opening).iterator());
        return new Check(
            check.compared(),
            check.equal(),
            check.equalFromStart(),
            check.firstDifference() == null
                ? null
                : "published "
                    + check.firstDifference().published()
                    + ", ours "
                    + check.firstDifference().ours());
      }
    }
  }

  static ImportReport of(
      Path file, CommandRun.Result run, CommandFeed feed, Summary summary, @Nullable Check check) {
    return new ImportReport(
        file.toString(),
        run.symbols(),
        run.commands(),
        run.handledBefore(),
        feed.progress().invalid(),
        feed.problems(),
        BigDecimal.valueOf(run.seconds()).setScale(3, RoundingMode.HALF_UP).doubleValue(),
        Math.round(run.commands() / run.seconds()),
        summary.commands(),
        summary.accepted(),
        summary.rejections(),
        summary.rejected(),
        summary.events(),
        summary.trades(),
        summary.quantity(),
        summary.vwap(),
        summary.high(),
        summary.low(),
        summary.firstTrade(),
        summary.lastTrade(),
        summary.hiddenTrades(),
        summary.hiddenQuantity(),
        summary.openOrders(),
        summary.leavesMismatches(),
        summary.instruments(),
        summary.candles(),
        check);
  }

  String toJson() {
    return JSON.writeValueAsString(this);
  }

  void print(PrintWriter out, Summary summary) {
    out.printf(
        Locale.ROOT,
        "imported %s: sent %,d commands in %.2f s (%,d commands/s)%s%n",
        file,
        sent,
        seconds,
        commandsPerSecond,
        handledBefore == 0
            ? ""
            : String.format(Locale.ROOT, "; %,d had been imported before", handledBefore));
    if (invalidLines > 0) {
      out.printf(Locale.ROOT, "skipped %,d malformed lines:%n", invalidLines);
      problems.forEach(problem -> out.println("  " + problem));
    }
    new SummaryPrinter(out).print(summary);
    if (check != null) {
      out.printf(
          Locale.ROOT,
          "best bid/offer     %,d of %,d states equal, the first %,d without a difference%n",
          check.equal(),
          check.states(),
          check.equalFromStart());
      if (check.firstDifference() != null) {
        out.printf("  first difference %s%n", check.firstDifference());
      }
    }
  }

  /** Whether the check found fewer equal states than wanted. */
  boolean isBelow(long minEqual) {
    return check != null && check.equal() < minEqual;
  }
}
