package dev.headwater.aggregate;

import dev.headwater.store.Durability;
import java.util.Optional;

/**
 * Bounds of an {@link AggregateRuntime}.
 *
 * @param maxAttempts how often a command is decided at most when other writers keep changing its
 *     aggregate
 * @param cachedAggregates how many aggregates are kept in memory
 * @param rememberedCommands how many command ids are remembered for each aggregate in memory, so
 *     that a command that comes again is recognised; about 100 bytes each
 * @param durability the level at which events are appended; empty for the store's own
 */
public record RuntimeOptions(
    int maxAttempts,
    int cachedAggregates,
    int rememberedCommands,
    Optional<Durability> durability) {
  /** 50 attempts, 10,000 aggregates, 100,000 command ids an aggregate, the store's durability. */
  public static final RuntimeOptions DEFAULT = new RuntimeOptions(50, 10_000, 100_000);

  /** At the store's own level of durability. */
  public RuntimeOptions(int maxAttempts, int cachedAggregates, int rememberedCommands) {
    this(maxAttempts, cachedAggregates, rememberedCommands, Optional.empty());
  }

  /** Validates. */
  public RuntimeOptions {
    if (maxAttempts < 1 || cachedAggregates < 1 || rememberedCommands < 1) {
      throw new IllegalArgumentException(
          "attempts, cached aggregates and remembered commands must be at least 1, were "
              + maxAttempts
              + ", "
              + cachedAggregates
              + ", "
              + rememberedCommands);
    }
  }

  /** The same with another number of remembered command ids. */
  public RuntimeOptions withRememberedCommands(int count) {
    return new RuntimeOptions(maxAttempts, cachedAggregates, count, durability);
  }

  /** The same with another number of aggregates in memory. */
  public RuntimeOptions withCachedAggregates(int count) {
    return new RuntimeOptions(maxAttempts, count, rememberedCommands, durability);
  }

  /** The same with a level of durability of its own. */
  public RuntimeOptions withDurability(Durability level) {
    return new RuntimeOptions(
        maxAttempts, cachedAggregates, rememberedCommands, Optional.of(level));
  }
}
