package dev.headwater.aggregate;

import dev.headwater.store.Durability;
import java.util.Optional;

/**
 * Bounds of an {@link AggregateRuntime}.
 *
 * @param maxAttempts how often a command is decided at most when other writers keep changing its
 *     aggregate
 * @param cachedAggregates how many aggregates without commands are kept in memory
 * @param rememberedCommands how many command ids are remembered for each aggregate in memory, so
 *     that a command that comes again is recognised; about 100 bytes each
 * @param maxUnanswered how many commands may wait for their answers before further ones are refused
 *     with {@link dev.headwater.store.OverloadedException}
 * @param maxUnansweredPerAggregate the same for each single aggregate
 * @param durability the level at which events are appended; empty for the store's own
 */
public record RuntimeOptions(
    int maxAttempts,
    int cachedAggregates,
    int rememberedCommands,
    int maxUnanswered,
    int maxUnansweredPerAggregate,
    Optional<Durability> durability) {
  /**
   * 50 attempts, 10,000 aggregates, 100,000 command ids an aggregate; 100,000 commands without
   * answer, 10,000 of them to one aggregate; the store's durability.
   */
  public static final RuntimeOptions DEFAULT =
      new RuntimeOptions(50, 10_000, 100_000, 100_000, 10_000, Optional.empty());

  /** Validates. */
  public RuntimeOptions {
    require("maxAttempts", maxAttempts);
    require("cachedAggregates", cachedAggregates);
    require("rememberedCommands", rememberedCommands);
    require("maxUnanswered", maxUnanswered);
    require("maxUnansweredPerAggregate", maxUnansweredPerAggregate);
  }

  private static void require(String option, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(option + " must be at least 1, was: " + value);
    }
  }

  /** The same with another number of attempts. */
  public RuntimeOptions withMaxAttempts(int count) {
    return new RuntimeOptions(
        count,
        cachedAggregates,
        rememberedCommands,
        maxUnanswered,
        maxUnansweredPerAggregate,
        durability);
  }

  /** The same with another number of remembered command ids. */
  public RuntimeOptions withRememberedCommands(int count) {
    return new RuntimeOptions(
        maxAttempts, cachedAggregates, count, maxUnanswered, maxUnansweredPerAggregate, durability);
  }

  /** The same with another number of aggregates in memory. */
  public RuntimeOptions withCachedAggregates(int count) {
    return new RuntimeOptions(
        maxAttempts,
        count,
        rememberedCommands,
        maxUnanswered,
        maxUnansweredPerAggregate,
        durability);
  }

  /** The same with other bounds for commands that wait, in all and to each aggregate. */
  public RuntimeOptions withMaxUnanswered(int inAll, int perAggregate) {
    return new RuntimeOptions(
        maxAttempts, cachedAggregates, rememberedCommands, inAll, perAggregate, durability);
  }

  /** The same with a level of durability of its own. */
  public RuntimeOptions withDurability(Durability level) {
    return new RuntimeOptions(
        maxAttempts,
        cachedAggregates,
        rememberedCommands,
        maxUnanswered,
        maxUnansweredPerAggregate,
        Optional.of(level));
  }
}
