package dev.headwater.store;

/**
 * What an append has survived when it is answered; each level includes the ones before it. Asked
 * for by callers of {@link AppendToStream}, proven by a {@link Receipt}.
 *
 * <p>No level makes a fail-over lossless by itself: it tells where the events are, not which of
 * these places will be the primary one next.
 *
 * @param onDisk whether the store's primary node has forced the events to its disk
 * @param replicas how many replicas have received them; whether those have them on their disks is
 *     not told. More than 0 only if {@code onDisk}
 */
public record Durability(boolean onDisk, int replicas) implements Comparable<Durability> {
  private static final Durability MEMORY = new Durability(false, 0);
  private static final Durability LOCAL = new Durability(true, 0);

  /** Validates. */
  public Durability {
    if (replicas < 0) {
      throw new IllegalArgumentException("replicas must be at least 0, were: " + replicas);
    }
    if (replicas > 0 && !onDisk) {
      throw new IllegalArgumentException(
          "a level with replicas includes the disk: onDisk must be true, or replicas 0, were: "
              + replicas);
    }
  }

  /** The store has the events, in the memory of its process at least. */
  public static Durability memory() {
    return MEMORY;
  }

  /** {@link #memory()}, and on the disk of the primary node. */
  public static Durability local() {
    return LOCAL;
  }

  /** {@link #local()}, and received by at least so many replicas, from 1. */
  public static Durability replicated(int replicas) {
    if (replicas < 1) {
      throw new IllegalArgumentException(
          "REPLICATED needs at least 1 replica, was: " + replicas + "; LOCAL needs none");
    }
    return new Durability(true, replicas);
  }

  /** Whether whoever asks for {@code other} is content with this. */
  public boolean isAtLeast(Durability other) {
    return compareTo(other) >= 0;
  }

  /** The stronger one is greater. */
  @Override
  public int compareTo(Durability other) {
    return onDisk == other.onDisk
        ? Integer.compare(replicas, other.replicas)
        : Boolean.compare(onDisk, other.onDisk);
  }

  /** {@code MEMORY}, {@code LOCAL} or {@code REPLICATED(n)}. */
  @Override
  public String toString() {
    if (replicas > 0) {
      return "REPLICATED(" + replicas + ")";
    }
    return onDisk ? "LOCAL" : "MEMORY";
  }
}
