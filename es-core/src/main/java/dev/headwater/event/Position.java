package dev.headwater.event;

/**
 * A place in the order of one partition: after the event with that sequence. Projections keep it as
 * their checkpoint, receipts carry it.
 *
 * @param partition from 0
 * @param epoch identity of the partition's history; another value means another history (the store
 *     was made anew)
 * @param sequence number of the event in its partition, from 1 and without gap; 0 is before the
 *     first
 * @param logId the store's own id of the log entry, {@code 0-0} before the first
 */
public record Position(int partition, long epoch, long sequence, String logId) {
  /** The id of no entry: before the first. */
  public static final String START_ID = "0-0";

  /** The position before the first event of a partition. */
  public static Position start(int partition, long epoch) {
    return new Position(partition, epoch, 0, START_ID);
  }

  /**
   * Whether what is at {@code other} has been passed when this position is reached.
   *
   * @throws IllegalArgumentException if the positions are of different partitions or epochs, which
   *     have no common order
   */
  public boolean isAtOrAfter(Position other) {
    if (partition != other.partition || epoch != other.epoch) {
      throw new IllegalArgumentException("no common order: " + this + " and " + other);
    }
    return sequence >= other.sequence;
  }
}
