package dev.headwater.projection;

import java.util.Locale;

/** What a version of a projection is there for. */
public enum VersionState {
  /** It is being made beside the one that serves, or waits to be switched to. */
  BUILDING,
  /** Analysts see it: the views in the default schema show its tables. */
  SERVING,
  /** It has served, is kept up to date, and can be rolled back to. */
  KEPT,
  /** It is being removed; nothing applies events to it. */
  DROPPING;

  String stored() {
    return name().toLowerCase(Locale.ROOT);
  }

  static VersionState ofStored(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
