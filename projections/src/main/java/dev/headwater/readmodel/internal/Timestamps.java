package dev.headwater.readmodel.internal;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Times as columns keep them: in UTC, to the microsecond. */
public final class Timestamps {
  private Timestamps() {}

  /** The present, by this machine's clock. */
  public static OffsetDateTime now() {
    return OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
  }
}
