package dev.headwater.redis.doctor;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What was found at a server.
 *
 * @param server its product and version, such as {@code Redis 7.0.15}
 * @param findings the worst first
 */
public record Diagnosis(String server, List<Finding> findings) {
  /** Sorts. */
  public Diagnosis {
    findings =
        findings.stream()
            .sorted(Comparator.comparing(Finding::severity, Comparator.reverseOrder()))
            .toList();
  }

  /** The severity of the worst finding. */
  public Severity worst() {
    return findings.isEmpty() ? Severity.OK : findings.getFirst().severity();
  }

  /** How many findings have that severity. */
  public long count(Severity severity) {
    return findings.stream().filter(finding -> finding.severity() == severity).count();
  }

  /** Why no store is opened for writing there: the server may delete events by itself. */
  public Optional<Finding> refusal() {
    return findings.stream()
        .filter(finding -> finding.severity() == Severity.ERROR)
        .filter(finding -> finding.check().equals(MemoryRules.POLICY))
        .findAny();
  }
}
