package dev.headwater.redis.doctor;

import java.util.List;
import java.util.Optional;

/** What was acknowledged is on disk, and trouble with the disk is seen. */
final class DiskRules {
  private DiskRules() {}

  static List<Optional<Finding>> findings(Facts facts) {
    return List.of(
        appendOnly(facts), lastWrite(facts), fsync(facts), fsyncOnRewrite(facts), snapshots(facts));
  }

  private static boolean appendsToFile(Facts facts) {
    return facts.info("aof_enabled").orElse("").equals("1");
  }

  private static Optional<Finding> appendOnly(Facts facts) {
    return facts
        .info("aof_enabled")
        .map(
            enabled ->
                enabled.equals("1")
                    ? Finding.ok("appendonly", "yes")
                    : Finding.error(
                        "appendonly", "no", "set yes: without it a restart loses events"));
  }

  private static Optional<Finding> lastWrite(Facts facts) {
    return facts
        .info("aof_last_write_status")
        .filter(status -> appendsToFile(facts) && !status.equals("ok"))
        .map(
            status ->
                Finding.error(
                    "aof_last_write_status",
                    status,
                    "the server can't write to its disk: free space there, and see its log"));
  }

  private static Optional<Finding> fsync(Facts facts) {
    String directive = "appendfsync";
    return facts
        .config(directive)
        .filter(when -> appendsToFile(facts))
        .map(
            when ->
                switch (when) {
                  case "always" -> Finding.ok(directive, when);
                  case "everysec" ->
                      Finding.note(
                          directive,
                          when,
                          "a power cut may lose the last second or two, and so may the death of the"
                              + " server while its disk is slow; always loses nothing of what was"
                              + " acknowledged, at two thirds to four fifths of the speed on a fast"
                              + " disk");
                  default ->
                      Finding.warning(
                          directive,
                          when,
                          "set everysec or always: the operating system decides when events get to"
                              + " the disk, usually within 30 seconds");
                });
  }

  private static Optional<Finding> fsyncOnRewrite(Facts facts) {
    String directive = "no-appendfsync-on-rewrite";
    return facts
        .config(directive)
        .filter(when -> appendsToFile(facts))
        .map(
            when ->
                when.equals("no")
                    ? Finding.ok(directive, when)
                    : Finding.warning(
                        directive,
                        when,
                        "set no: while the file is rewritten nothing is forced to disk, whatever"
                            + " appendfsync says"));
  }

  private static Optional<Finding> snapshots(Facts facts) {
    return facts
        .config("save")
        .map(
            points -> {
              boolean stops =
                  facts.config("stop-writes-on-bgsave-error").orElse("no").equals("yes");
              if (points.isEmpty() || !stops) {
                return Finding.ok("save", points.isEmpty() ? "off" : points);
              }
              if (facts.info("rdb_last_bgsave_status").orElse("ok").equals("ok")) {
                return Finding.warning(
                    "save",
                    points + " with stop-writes-on-bgsave-error yes",
                    "set save to \"\" where appendonly is yes: a snapshot that fails stops all"
                        + " appends, and each costs a fork");
              }
              return Finding.error(
                  "save",
                  "failing, with stop-writes-on-bgsave-error yes",
                  "appends are refused (MISCONF): free space on the disk, or set save to \"\" where"
                      + " appendonly is yes");
            });
  }
}
