package dev.headwater.redis;

import dev.headwater.event.Position;
import dev.headwater.store.Delivered;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a member of a group holds of one partition. Thread-safe. */
final class HeldPartition {
  final int number;

  /** Whether there may be something to deliver; else from when on it is time to look. */
  boolean mayHaveNews = true;

  long lookAt;
  boolean heldByAnother;
  String lastId = Position.START_ID;

  private final TreeMap<Long, Held> held = new TreeMap<>();
  private @Nullable Position reached;
  private long keptAt = System.nanoTime();

  HeldPartition(int number, @Nullable Position reached) {
    this.number = number;
    this.reached = reached;
  }

  private record Held(Delivered delivered, Position before, long since) {}

  /** Up to where everything was delivered to this member, or acknowledged by others. */
  synchronized @Nullable Position reached() {
    return reached;
  }

  synchronized void reach(Position position) {
    reached = position;
  }

  synchronized void hold(Delivered delivered, Position before, long since) {
    held.put(delivered.position().sequence(), new Held(delivered, before, since));
  }

  synchronized boolean isEmpty() {
    return held.isEmpty();
  }

  synchronized int events() {
    return held.values().stream().mapToInt(h -> h.delivered().events().size()).sum();
  }

  /** Id of the last entry that is held. */
  synchronized String lastHeld() {
    Map.Entry<Long, Held> last = held.lastEntry();
    return last == null ? Position.START_ID : last.getValue().delivered().position().logId();
  }

  synchronized boolean holds(Delivered delivered, long abandonedAfter) {
    Held found = held.get(delivered.position().sequence());
    return found != null && System.nanoTime() - Math.max(found.since(), keptAt) < abandonedAfter;
  }

  synchronized List<Delivered> held(Collection<Delivered> among) {
    return among.stream()
        .filter(delivered -> held.containsKey(delivered.position().sequence()))
        .toList();
  }

  /** Ids of the entries that nothing is held of but these. */
  synchronized Set<String> entriesHandledBy(Collection<Delivered> handled) {
    Set<String> ids = new HashSet<>();
    Set<Long> sequences = new HashSet<>();
    for (Delivered delivered : handled) {
      ids.add(delivered.position().logId());
      sequences.add(delivered.position().sequence());
    }
    held.forEach(
        (sequence, other) -> {
          if (!sequences.contains(sequence)) {
            ids.remove(other.delivered().position().logId());
          }
        });
    return ids;
  }

  synchronized void remove(Collection<Delivered> handled) {
    handled.forEach(delivered -> held.remove(delivered.position().sequence()));
  }

  /** The server told what is held; what was read after it was asked is not among it. */
  synchronized void kept(Collection<String> ids, long askedAt) {
    keptAt = askedAt;
    Set<String> known = new HashSet<>(ids);
    boolean lost = held.values().removeIf(h -> !known.contains(h.delivered().position().logId()));
    if (lost) {
      reached = null; // another one goes on there
    }
  }

  synchronized @Nullable Position acknowledged() {
    Map.Entry<Long, Held> first = held.firstEntry();
    return reached == null || first == null ? reached : first.getValue().before();
  }
}
