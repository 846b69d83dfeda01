package dev.headwater.projection;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A version of a projection. Written {@code orders@2}, which is the name of its consumer group too.
 *
 * @param name a letter followed by up to 99 letters, digits, {@code _ . -}
 * @param version from 1
 */
public record ProjectionId(String name, int version) implements Comparable<ProjectionId> {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,99}");

  private static final int MAX_SCHEMA = 63;

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

  /** By name, then by version. */
  @Override
  public int compareTo(ProjectionId other) {
    int byName = name.compareTo(other.name);
    return byName != 0 ? byName : Integer.compare(version, other.version);
  }

  /**
   * The schema of the tables where the projection brings its own migrations: {@code orders_v2}.
   *
   * @throws IllegalArgumentException if it would be longer than the 63 characters of a SQL name
   */
  public String schema() {
    String schema = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "_") + "_v" + version;
    if (schema.length() > MAX_SCHEMA) {
      throw new IllegalArgumentException(
          "schema of projection " + this + " would be longer than 63 characters: " + schema);
    }
    return schema;
  }

  /** Whether a user means it by {@code orders@2} or {@code orders}. */
  boolean isCalled(String projection) {
    return name.equals(projection) || toString().equals(projection);
  }

  @Override
  public String toString() {
    return name + "@" + version;
  }
}
