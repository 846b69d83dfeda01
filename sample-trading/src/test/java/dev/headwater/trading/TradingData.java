package dev.headwater.trading;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Market data and test vectors of others, in the folder that {@code TRADING_DATA} names. */
public final class TradingData {
  private static final String VARIABLE = "TRADING_DATA";

  private TradingData() {}

  public static Path path(String relative) {
    return Path.of(Objects.requireNonNullElse(System.getenv(VARIABLE), VARIABLE)).resolve(relative);
  }

  /** The lines of a file; none if it does not exist. */
  public static List<String> lines(String relative) {
    try {
      return Files.exists(path(relative)) ? Files.readAllLines(path(relative)) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      String folder = System.getenv(VARIABLE);
      if (folder == null) {
        return ConditionEvaluationResult.disabled(
            VARIABLE + " does not name the folder with the published market data");
      }
      return Files.isDirectory(Path.of(folder))
          ? ConditionEvaluationResult.enabled("market data is in " + folder)
          : ConditionEvaluationResult.disabled(VARIABLE + " names no folder: " + folder);
    }
  }
}
