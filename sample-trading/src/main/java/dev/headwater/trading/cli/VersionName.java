package dev.headwater.trading.cli;

import dev.headwater.projection.ProjectionId;

/** How operators name projections and their versions. */
final class VersionName {
  private VersionName() {}

  static boolean hasVersion(String name) {
    return name.contains("@");
  }

  /** {@code orders@2}. */
  static ProjectionId parse(String name) {
    int at = name.indexOf('@');
    try {
      return new ProjectionId(name.substring(0, at), Integer.parseInt(name.substring(at + 1)));
    } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "'" + name + "' names no version; write it like orders@2", e);
    }
  }
}
