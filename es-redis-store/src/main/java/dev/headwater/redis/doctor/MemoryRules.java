package dev.headwater.redis.doctor;

import java.util.List;
import java.util.Optional;

/** Nothing is deleted to make room, and no more room is taken than needed. */
final class MemoryRules {
  static final String POLICY = "maxmemory-policy";

  /** What the sizes of short and long aggregates agree on: see the page about figures. */
  private static final long NODE_BYTES = 2_048;

  private static final int FULL_PERCENT = 80;

  private MemoryRules() {}

  static List<Optional<Finding>> findings(Facts facts) {
    return List.of(policy(facts), limit(facts), nodes(facts));
  }

  private static Optional<Finding> policy(Facts facts) {
    return facts
        .info("maxmemory_policy")
        .or(() -> facts.config(POLICY))
        .map(
            policy ->
                policy.equals("noeviction")
                    ? Finding.ok(POLICY, policy)
                    : Finding.error(
                        POLICY,
                        policy,
                        "set noeviction: any other policy deletes whole streams when memory gets"
                            + " short, which is history and the guard of the versions"));
  }

  private static Optional<Finding> limit(Facts facts) {
    return facts.info("maxmemory").flatMap(Facts::asNumber).map(limit -> limit(facts, limit));
  }

  private static Finding limit(Facts facts, long limit) {
    if (limit == 0) {
      return Finding.warning(
          "maxmemory",
          "not set",
          "set it below the machine's memory, with room for a fork: appends are then refused with"
              + " a clear error, where otherwise the system kills the server");
    }
    long used = facts.number("used_memory") * 100 / limit;
    String found = limit + " bytes, " + used + " % used";
    return used < FULL_PERCENT
        ? Finding.ok("maxmemory", found)
        : Finding.warning("maxmemory", found, "raise it, or archive old events: soon appends fail");
  }

  private static Optional<Finding> nodes(Facts facts) {
    String directive = "stream-node-max-bytes";
    return facts
        .config(directive)
        .map(
            bytes ->
                Facts.asNumber(bytes).filter(n -> n > 0 && n <= NODE_BYTES).isPresent()
                    ? Finding.ok(directive, bytes)
                    : Finding.warning(
                        directive,
                        bytes,
                        "set 2048, or 1024 where aggregates have fewer than five events: so much"
                            + " is reserved for every stream however short"));
  }
}
