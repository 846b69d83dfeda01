package dev.headwater.projection;

/** What came of switching analysts' views to another version of a projection. */
public sealed interface SwitchResult {
  /** Analysts see {@code to}; {@code from} is kept up to date, to roll back to. */
  record Switched(ProjectionId from, ProjectionId to) implements SwitchResult {}

  /**
   * Nothing has changed: {@code version} did not catch up in time, though {@code waitsFor} did.
   *
   * @param events how many are yet to be applied to it
   * @param waitsFor what it has to catch up with: the store, or the version that serves
   */
  record NotCaughtUp(ProjectionId version, long events, String waitsFor) implements SwitchResult {}

  /** Nothing has changed: analysts' queries or views hold the views; {@code reason} says which. */
  record ViewsInUse(String reason) implements SwitchResult {}
}
