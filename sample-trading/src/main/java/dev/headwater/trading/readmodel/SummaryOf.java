package dev.headwater.trading.readmodel;

import java.util.Set;

/** Query for the {@link Summary} of the books of some symbols. */
public record SummaryOf(Set<String> symbols) {
  /** Copies the set. */
  public SummaryOf {
    symbols = Set.copyOf(symbols);
  }
}
