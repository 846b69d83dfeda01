package dev.headwater.projection;

import dev.headwater.event.Position;
import dev.headwater.store.Receipt;
import java.time.Duration;

/**
 * Waits until a projection shows what was written. Implemented by {@link ProjectionRunner}, whose
 * projections may be run by other instances in part, and by {@link ProjectionWatch} for processes
 * that run none.
 */
public interface AwaitProjection {
  /**
   * Waits until a projection shows what is at a position.
   *
   * @throws IllegalArgumentException if there is no projection of that name
   */
  Awaited await(Position position, String projection, Duration timeout);

  /** The same for the events of a receipt. */
  default Awaited await(Receipt receipt, String projection, Duration timeout) {
    return await(receipt.position(), projection, timeout);
  }
}
