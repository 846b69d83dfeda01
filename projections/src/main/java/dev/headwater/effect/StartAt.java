package dev.headwater.effect;

import dev.headwater.event.Position;
import java.util.List;

/** Where an effect begins that was never started before. */
public sealed interface StartAt {
  /** Behind everything that is stored when it is first started. */
  record End() implements StartAt {}

  /** Behind these positions, one for each partition. */
  record Positions(List<Position> positions) implements StartAt {
    /** Copies the list. */
    public Positions {
      positions = List.copyOf(positions);
    }
  }

  /** Before the first event: everything that ever happened has its effect now. */
  record Beginning() implements StartAt {}

  /** See {@link End}. */
  static StartAt end() {
    return new End();
  }

  /** See {@link Positions}. */
  static StartAt positions(List<Position> positions) {
    return new Positions(positions);
  }

  /** See {@link Beginning}. */
  static StartAt beginning() {
    return new Beginning();
  }
}
