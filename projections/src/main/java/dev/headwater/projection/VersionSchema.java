package dev.headwater.projection;

import org.jspecify.annotations.Nullable;

/** Where the tables of a projection's version are. */
final class VersionSchema {
  private VersionSchema() {}

  /** The schema; null for the default one, where projections without migrations have them. */
  static @Nullable String of(Projection projection) {
    return projection.migrations().isEmpty() ? null : ProjectionId.of(projection).schema();
  }
}
