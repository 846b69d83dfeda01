package dev.headwater.memory;

import dev.headwater.event.Position;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.SequencedEvent;
import dev.headwater.store.Delivered;
import dev.headwater.store.Deliveries;
import dev.headwater.store.DeliverySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** One member's side of an {@link InMemoryGroup}. Guarded by the store's lock. */
final class InMemoryDeliveries implements Deliveries {
  private final InMemoryEventStore store;
  private final InMemoryGroup group;
  private final DeliverySpec spec;

  /** What is held: by partition, and by the sequence of the last event. */
  private final Map<Integer, TreeMap<Long, Delivered>> held = new HashMap<>();

  /** Sequence of the last event that was delivered, where what is behind it is held or handled. */
  private final Map<Integer, Long> reached = new HashMap<>();

  private long keptAt = System.nanoTime();
  private boolean closed;

  InMemoryDeliveries(InMemoryEventStore store, InMemoryGroup group, DeliverySpec spec) {
    this.store = store;
    this.group = group;
    this.spec = spec;
    spec.from().forEach(from -> held.put(from.partition(), new TreeMap<>()));
  }

  @Override
  public List<Delivered> poll(Duration maxWait) {
    long deadline = System.nanoTime() + maxWait.toNanos();
    synchronized (store) {
      while (true) {
        keep();
        List<Delivered> delivered = available();
        long left = Math.min(deadline - System.nanoTime(), spec.abandonedAfter().toNanos() / 4);
        if (closed || !delivered.isEmpty() || left <= 0) {
          return delivered;
        }
        try {
          store.wait(left / 1_000_000 + 1);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return List.of();
        }
      }
    }
  }

  private void keep() {
    keptAt = System.nanoTime();
    held.forEach(
        (partition, mine) -> {
          if (mine.keySet().retainAll(group.keep(partition, spec.member()))) {
            reached.remove(partition); // another one has it now
          }
        });
  }

  private List<Delivered> available() {
    List<Delivered> delivered = new ArrayList<>();
    for (Position from : spec.from()) {
      int partition = from.partition();
      List<InMemoryGroup.Given> next = next(partition);
      while (!next.isEmpty() && hasRoom()) {
        deliver(partition, next.getFirst(), delivered);
        next = hasRoom() ? next(partition) : List.of();
      }
    }
    return delivered;
  }

  private boolean hasRoom() {
    long events =
        held.values().stream()
            .flatMap(mine -> mine.values().stream())
            .mapToLong(delivered -> delivered.events().size())
            .sum();
    return !closed && events < spec.maxEvents();
  }

  private List<InMemoryGroup.Given> next(int partition) {
    TreeMap<Long, Delivered> mine = held(partition);
    long behind = mine.isEmpty() ? 0 : mine.lastKey();
    return hasRoom() ? group.next(partition, spec.member(), behind, abandonedBefore()) : List.of();
  }

  private long abandonedBefore() {
    return System.nanoTime() - spec.abandonedAfter().toNanos();
  }

  private void deliver(int partition, InMemoryGroup.Given given, List<Delivered> to) {
    List<SequencedEvent> events = new ArrayList<>();
    long sequence = given.lastSequence() - given.events().size();
    for (RecordedEvent event : given.events()) {
      sequence++;
      if (spec.wanted().test(event.type())) {
        events.add(new SequencedEvent(sequence, event));
      }
    }
    Delivered delivered = new Delivered(events, store.at(partition, sequence));
    held(partition).put(sequence, delivered);
    reached.put(partition, sequence);
    if (events.isEmpty()) {
      acknowledge(List.of(delivered));
    } else {
      to.add(delivered);
    }
  }

  @Override
  public void acknowledge(Collection<Delivered> handled) {
    synchronized (store) {
      for (Delivered delivered : handled) {
        Position at = delivered.position();
        TreeMap<Long, Delivered> mine = held(at.partition());
        if (mine.remove(at.sequence()) != null) {
          group.acknowledge(at.partition(), at.sequence());
        }
      }
      store.notifyAll();
    }
  }

  @Override
  public boolean holds(Delivered delivered) {
    synchronized (store) {
      return held(delivered.position().partition()).containsKey(delivered.position().sequence())
          && System.nanoTime() - keptAt < spec.abandonedAfter().toNanos();
    }
  }

  @Override
  public List<Position> acknowledged() {
    synchronized (store) {
      return reached.entrySet().stream()
          .map(each -> acknowledged(each.getKey(), each.getValue()))
          .toList();
    }
  }

  private Position acknowledged(int partition, long reachedThere) {
    for (Delivered first : held(partition).values()) {
      return store.at(partition, first.events().getFirst().sequence() - 1);
    }
    return store.at(partition, reachedThere);
  }

  private TreeMap<Long, Delivered> held(int partition) {
    return Objects.requireNonNull(held.get(partition), "the group does not read that partition");
  }

  @Override
  public void close() {
    synchronized (store) {
      if (!closed) {
        closed = true;
        group.abandon(spec.member(), abandonedBefore());
        held.values().forEach(Map::clear);
        store.notifyAll();
      }
    }
  }
}
