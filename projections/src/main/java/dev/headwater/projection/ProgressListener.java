package dev.headwater.projection;

/** Is told how replays proceed; drawn by command lines and dashboards. */
@FunctionalInterface
public interface ProgressListener {
  /** Hears nothing. */
  ProgressListener NONE = progress -> {};

  /** Called a few times a second for each projection, and at the end, by the replaying thread. */
  void progressed(ReplayProgress progress);
}
