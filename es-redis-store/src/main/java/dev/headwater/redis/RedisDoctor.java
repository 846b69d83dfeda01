package dev.headwater.redis;

import dev.headwater.redis.doctor.Diagnosis;
import dev.headwater.redis.doctor.Examination;
import dev.headwater.redis.doctor.Finding;
import dev.headwater.redis.doctor.Severity;
import dev.headwater.store.EventStoreException;
import io.lettuce.core.RedisException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether a server is configured as an event store needs it. Changes nothing there. */
public final class RedisDoctor {
  private static final Logger LOG = LoggerFactory.getLogger(Diagnosis.class.getPackageName());
  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  private RedisDoctor() {}

  /**
   * Looks at one server: the one in the URI, the primary that sentinels name, or of a {@code
   * redis-cluster://} URI the first node that answers. It looks at no other node and no replica.
   *
   * @throws dev.headwater.store.StoreUnavailableException if it can't be reached or refuses the
   *     credentials
   */
  public static Diagnosis examine(RedisStoreOptions options) {
    try (Connections connections = Connections.to(options)) {
      return examine(options, connections);
    }
  }

  private static Diagnosis examine(RedisStoreOptions options, Connections connections) {
    try (var connection = connections.open()) {
      return Examination.of(connection.sync());
    } catch (RedisException e) {
      throw Unreachable.because(options, e);
    }
  }

  /**
   * Before a store is opened for writing: says once a process and server what is to be warned of.
   */
  static void check(RedisStoreOptions options, Connections connections) {
    Diagnosis diagnosis = examine(options, connections);
    diagnosis.refusal().ifPresent(finding -> refuse(options, finding));
    for (Finding finding : diagnosis.findings()) {
      if (finding.severity().compareTo(Severity.WARNING) >= 0
          && SAID.add(options.address() + " " + finding)) {
        LOG.warn("{} at {}: {}", diagnosis.server(), options.address(), finding);
      }
    }
  }

  private static void refuse(RedisStoreOptions options, Finding finding) {
    throw new EventStoreException(
        options + " is not opened for writing, it would lose events: " + finding);
  }
}
