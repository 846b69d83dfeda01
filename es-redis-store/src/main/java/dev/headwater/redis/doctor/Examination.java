package dev.headwater.redis.doctor;

import io.lettuce.core.api.sync.RedisServerCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks at one server. It sends {@code INFO} and {@code CONFIG GET}, and changes nothing. */
public final class Examination {
  private Examination() {}

  /**
   * Looks, for a few round trips. What the server refuses to tell becomes a finding.
   *
   * @throws io.lettuce.core.RedisException if it doesn't answer
   */
  public static Diagnosis of(RedisServerCommands<?, ?> server) {
    Facts facts = new Facts(server);
    List<Finding> findings =
        new ArrayList<>(
            Stream.of(
                    MemoryRules.findings(facts),
                    DiskRules.findings(facts),
                    TopologyRules.findings(facts))
                .flatMap(List::stream)
                .flatMap(Optional::stream)
                .toList());
    if (!facts.infoRefusal().isEmpty()) {
      findings.add(
          Finding.warning(
              "INFO",
              "refused (" + facts.infoRefusal() + ")",
              "grant +info: version, memory, persistence and replicas could not be checked"));
    }
    if (!facts.configRefusal().isEmpty()) {
      findings.add(
          Finding.note(
              "CONFIG GET",
              "refused (" + facts.configRefusal() + ")",
              "examine it as a user with +config|get, or see what its operator has set: the"
                  + " directives could not be checked"));
    }
    return new Diagnosis(TopologyRules.server(facts), findings);
  }
}
