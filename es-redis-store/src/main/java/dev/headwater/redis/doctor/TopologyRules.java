package dev.headwater.redis.doctor;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** It is the right server, new enough, and another one stands in when it is lost. */
final class TopologyRules {
  private static final Pattern RELEASE = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,2})");

  private TopologyRules() {}

  static List<Optional<Finding>> findings(Facts facts) {
    return List.of(
        version(facts), role(facts), replicas(facts), minReplicas(facts), readOnly(facts));
  }

  static String server(Facts facts) {
    return facts
        .info("valkey_version")
        .map(version -> "Valkey " + version)
        .or(() -> facts.info("redis_version").map(version -> "Redis " + version))
        .orElse("Redis of unknown version");
  }

  /** Valkey says of itself that it is Redis 7.2 too. */
  private static Optional<Finding> version(Facts facts) {
    return facts
        .info("redis_version")
        .map(
            version -> {
              Matcher numbers = RELEASE.matcher(version);
              if (!numbers.lookingAt()) {
                return Finding.note("version", version, "make sure that it is Redis 6.2 or newer");
              }
              int release =
                  Integer.parseInt(numbers.group(1)) * 100 + Integer.parseInt(numbers.group(2));
              if (release < 602) {
                return Finding.error(
                    "version", version, "use Redis 7 or Valkey; older than 6.2 is not supported");
              }
              return release < 700
                  ? Finding.warning(
                      "version",
                      version,
                      "use Redis 7 or Valkey in production: 6.2 gets no more corrections")
                  : Finding.ok("version", server(facts));
            });
  }

  private static Optional<Finding> role(Facts facts) {
    return facts
        .info("role")
        .map(
            role ->
                role.equals("master")
                    ? Finding.ok("role", "primary")
                    : Finding.error(
                        "role",
                        "replica",
                        "nothing can be appended there: name the primary, or the Sentinels"));
  }

  private static boolean hasReplicas(Facts facts) {
    return facts.number("connected_slaves") > 0;
  }

  private static Optional<Finding> replicas(Facts facts) {
    return facts
        .info("connected_slaves")
        .filter(count -> facts.info("role").orElse("").equals("master"))
        .map(
            count ->
                hasReplicas(facts)
                    ? Finding.ok("replicas", count)
                    : Finding.warning(
                        "replicas",
                        "none",
                        "add one on another machine: the events are lost with this machine's"
                            + " disk"));
  }

  private static Optional<Finding> minReplicas(Facts facts) {
    String directive = "min-replicas-to-write";
    return facts
        .config(directive)
        .filter(count -> hasReplicas(facts))
        .map(
            count ->
                !count.equals("0")
                    ? Finding.ok(directive, count)
                    : Finding.warning(
                        directive,
                        count,
                        "set 1 or more: a primary that was cut off from its replicas takes appends"
                            + " until it is demoted, and they are lost then"));
  }

  private static Optional<Finding> readOnly(Facts facts) {
    String directive = "replica-read-only";
    return facts
        .config(directive)
        .map(
            value ->
                value.equals("yes")
                    ? Finding.ok(directive, value)
                    : Finding.warning(
                        directive, value, "set yes: what is written to a replica is lost"));
  }
}
