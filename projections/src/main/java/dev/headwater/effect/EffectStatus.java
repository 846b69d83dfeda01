package dev.headwater.effect;

import dev.headwater.event.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an effect is doing in this process.
 *
 * @param acknowledged up to where everything was handled, in each partition that this instance has
 *     handled something of
 * @param lastError why it does not run, or last did not; null if nothing happened
 */
public record EffectStatus(
    String effect, State state, List<Position> acknowledged, @Nullable String lastError) {
  /** What it does. */
  public enum State {
    /** It handles what comes. */
    RUNNING,
    /** The store or the database can't be reached; it tries again until they can. */
    RETRYING,
    /** It was stopped, or the store's history is not the one that it knows. */
    STOPPED
  }
}
