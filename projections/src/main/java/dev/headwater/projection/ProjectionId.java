package dev.headwater.projection;

/**
 * One version of a projection: what checkpoints, leases and consumer groups are kept by.
 *
 * @param name of the projection
 * @param version from 1
 */
public record ProjectionId(String name, int version) implements Comparable<ProjectionId> {
  /** As consumer groups are named, such as {@code orders@2}. */
  @Override
  public String toString() {
    return name + "@" + version;
  }

  /** By name, then by version. */
  @Override
  public int compareTo(ProjectionId other) {
    int byName = name.compareTo(other.name);
    return byName != 0 ? byName : Integer.compare(version, other.version);
  }
}
