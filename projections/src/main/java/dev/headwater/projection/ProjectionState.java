package dev.headwater.projection;

/** What a projection is doing. */
public enum ProjectionState {
  /** It reads events that were stored before. */
  CATCHING_UP,
  /** It has caught up and follows the store. */
  LIVE,
  /** It runs no partition now: other instances do. It takes over when one of them ends. */
  STANDBY,
  /** The database or the store can't be used now; it tries again and again. */
  RETRYING,
  /**
   * It can't apply events of more aggregates than it may park, or its tables are not as declared;
   * it waits until that is mended and it is started again.
   */
  FAILED,
  /** It does not run: not started, closed, or going on would spoil the read model. */
  STOPPED,
  /** Its version was dropped: there is nothing to run any more. */
  DROPPED;

  /** Whether it will not go on by itself. */
  public boolean isHalted() {
    return this == FAILED || this == STOPPED || this == DROPPED;
  }
}
