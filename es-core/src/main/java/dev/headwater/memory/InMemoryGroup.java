package dev.headwater.memory;

import dev.headwater.event.Position;
import dev.headwater.event.RecordedEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far a group has been given each partition, and which commits nobody has acknowledged yet.
 * Guarded by the store's lock.
 */
final class InMemoryGroup {
  private final InMemoryEventStore store;
  private final Map<Integer, Share> shares = new HashMap<>();

  InMemoryGroup(InMemoryEventStore store) {
    this.store = store;
  }

  /** One partition of the group; pending commits by the sequence of their last event. */
  private static final class Share {
    long given;
    final SortedMap<Long, Pending> pending = new TreeMap<>();

    Share(long given) {
      this.given = given;
    }
  }

  private static final class Pending {
    final Given given;
    String member;
    long touchedAt;

    Pending(Given given, String member, long touchedAt) {
      this.given = given;
      this.member = member;
      this.touchedAt = touchedAt;
    }
  }

  /** A commit, with the sequence of its last event. */
  record Given(long lastSequence, List<RecordedEvent> events) {}

  void join(List<Position> from) {
    from.forEach(
        position ->
            shares.computeIfAbsent(position.partition(), p -> new Share(position.sequence())));
  }

  private Share share(int partition) {
    return Objects.requireNonNull(shares.get(partition), "the group does not read that partition");
  }

  /** The next commit that the member does not hold; none if another one holds the partition. */
  List<Given> next(int partition, String member, long behind, long abandonedBefore) {
    Share share = share(partition);
    for (Pending pending : share.pending.values()) {
      if (!pending.member.equals(member) && pending.touchedAt - abandonedBefore > 0) {
        return List.of();
      }
    }
    for (Pending pending : share.pending.tailMap(behind + 1).values()) {
      pending.member = member;
      pending.touchedAt = System.nanoTime();
      return List.of(pending.given);
    }
    List<RecordedEvent> commit = store.behind(partition, share.given, 1);
    if (commit.isEmpty()) {
      return List.of();
    }
    share.given += commit.size();
    Given given = new Given(share.given, commit);
    share.pending.put(share.given, new Pending(given, member, System.nanoTime()));
    return List.of(given);
  }

  /** Says that the member is there; the commits that it still holds. */
  List<Long> keep(int partition, String member) {
    List<Long> held = new ArrayList<>();
    share(partition)
        .pending
        .forEach(
            (sequence, pending) -> {
              if (pending.member.equals(member)) {
                pending.touchedAt = System.nanoTime();
                held.add(sequence);
              }
            });
    return held;
  }

  void acknowledge(int partition, long sequence) {
    share(partition).pending.remove(sequence);
  }

  /** Leaves what the member holds to others. */
  void abandon(String member, long abandonedBefore) {
    for (Share share : shares.values()) {
      for (Pending pending : share.pending.values()) {
        if (pending.member.equals(member)) {
          pending.touchedAt = abandonedBefore;
        }
      }
    }
  }
}
