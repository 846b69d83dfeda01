package dev.headwater.projection;

/**
 * One version of a projection: what its rows in the framework's tables go by.
 *
 * @param name the projection's name
 * @param version from 1
 */
public record ProjectionId(String name, int version) {
  /** The id of a projection as it is now. */
  public static ProjectionId of(Projection projection) {
    return new ProjectionId(projection.name(), 1);
  }

  /** {@code <name>@<version>}. */
  @Override
  public String toString() {
    return name + "@" + version;
  }
}
