package dev.headwater.projection;

import java.util.regex.Pattern;

/**
 * A version of a projection. Written {@code orders@2}, which is the name of its consumer group too.
 *
 * @param name a letter followed by up to 99 letters, digits, {@code _ . -}
 * @param version from 1
 */
public record ProjectionId(String name, int version) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,99}");

  /** Validates. */
  public ProjectionId {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "projection name must be a letter followed by up to 99 letters, digits, '_', '.' or '-',"
              + " was: '"
              + name
              + "'");
    }
    if (version < 1) {
      throw new IllegalArgumentException(
          "version of projection " + name + " must be at least 1, was: " + version);
    }
  }

  /** The identity of a projection. */
  public static ProjectionId of(Projection projection) {
    return new ProjectionId(projection.name(), projection.version());
  }

  @Override
  public String toString() {
    return name + "@" + version;
  }
}
