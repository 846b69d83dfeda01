package dev.headwater.axon.engine;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * What an application may choose about its {@link HeadwaterEventStorageEngine}.
 *
 * @param instance tells this process from others that read the same store: 1 to 255 characters,
 *     none of them a control character. Two with one name are correct, but learn of new events up
 *     to some seconds late. One that changes with each start leaves consumer groups behind in the
 *     store
 * @param severalStreams whether a transaction may hold events of more than one stream
 * @param severalPartitions whether the store may have more than one partition. Axon's streaming
 *     processors expect one order of all events, which only a store with one partition has: with
 *     more, a processor of several segments may handle events again after a restart or a claim
 */
public record EngineOptions(
    String instance, SeveralStreams severalStreams, boolean severalPartitions) {

  /** What becomes of a transaction with events of more than one stream. */
  public enum SeveralStreams {
    /**
     * It is checked whole, then stored stream by stream. It is refused whole if a conflict is there
     * when it is checked; one that comes up in between leaves it partly stored, and {@link
     * TransactionPartlyStoredException} says so.
     */
    IN_STEPS,
    /** It is refused before anything is stored: every transaction is stored whole or not at all. */
    REFUSED
  }

  private static final int MAX_INSTANCE = 255; // as long as a host's name may be

  /** Validates. */
  public EngineOptions {
    if (instance.isEmpty()
        || instance.length() > MAX_INSTANCE
        || instance.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "instance must have 1 to "
              + MAX_INSTANCE
              + " characters and no control character, was: '"
              + instance
              + "'");
    }
  }

  /** Named after this machine, transactions over several streams in steps, one partition. */
  public static EngineOptions defaults() {
    return new EngineOptions(hostName(), SeveralStreams.IN_STEPS, false);
  }

  /** The same with another name for this process. */
  public EngineOptions withInstance(String newInstance) {
    return new EngineOptions(newInstance, severalStreams, severalPartitions);
  }

  /** The same with another rule for transactions over several streams. */
  public EngineOptions withSeveralStreams(SeveralStreams newRule) {
    return new EngineOptions(instance, newRule, severalPartitions);
  }

  /**
   * The same for a store of any number of partitions: for applications whose streaming processors
   * have one segment each, or that have none.
   */
  public EngineOptions withSeveralPartitions() {
    return new EngineOptions(instance, severalStreams, true);
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown-host";
    }
  }
}
