package dev.headwater.projection;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a version of a projection is doing, as the database tells.
 *
 * @param schema where its tables are
 * @param code the version that the code says which makes it; less than {@code id.version()} if it
 *     is a rebuild by the same code
 * @param runs whether the projections at hand have that code
 * @param switchedAt when it last began or ceased to serve; null for never
 * @param compared null if it never was
 * @param applied events that its tables show, passed-over ones included, in all partitions
 * @param head events in the store, in all partitions
 * @param parked aggregates that it does not go on with, and their events, which count as applied
 * @param owned partitions that living instances run
 */
public record VersionStatus(
    ProjectionId id,
    VersionState state,
    String schema,
    int code,
    boolean runs,
    Instant createdAt,
    @Nullable Instant switchedAt,
    @Nullable LastComparison compared,
    long applied,
    long head,
    ParkedCount parked,
    int owned) {
  /** Events that its tables do not show yet. */
  public long lag() {
    return Math.max(0, head - applied);
  }
}
