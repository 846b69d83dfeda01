package dev.headwater.redis;

import dev.headwater.event.EventType;
import dev.headwater.event.Position;
import dev.headwater.event.SequencedEvent;
import dev.headwater.store.PartitionBatch;
import dev.headwater.store.StoreWentBackException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** How far a subscription has come in one partition, and what it has fetched ahead. */
final class PartitionCursor {
  private static final int MAX_PAGE = 2_000;

  private Position delivered;
  private long fetchedSequence;
  private String fetchedId;
  private boolean insideEntry;
  private double eventsPerEntry = 32; // rather a small first page than a huge one
  private final ArrayDeque<Delivery> ready = new ArrayDeque<>();
  private @Nullable CompletableFuture<EventFetch> page;
  private long askedAt;
  private int asked;
  private String group = "";

  PartitionCursor(Position from) {
    delivered = from;
    fetchedId = from.logId();
    fetchedSequence = from.sequence();
  }

  int partition() {
    return delivered.partition();
  }

  Position delivered() {
    return delivered;
  }

  String fetchedId() {
    return fetchedId;
  }

  /** Forgets what was fetched ahead; goes on behind what was delivered. */
  void rewind() {
    ready.clear();
    page = null;
    group = "";
    fetchedId = delivered.logId();
    fetchedSequence = delivered.sequence();
  }

  /** Where the group was set to, empty if that isn't known. */
  String group() {
    return group;
  }

  void groupIsAt(String id) {
    group = id;
  }

  /**
   * Checks that what was delivered is part of the store's history.
   *
   * @param at the log entry at the id of the position, if there is one
   */
  void verify(String subscriber, Position head, List<LogEntry> at) {
    boolean known =
        delivered.epoch() == head.epoch()
            && delivered.sequence() <= head.sequence()
            && (delivered.sequence() == 0 || contains(at, delivered));
    if (!known) {
      throw new StoreWentBackException(
          "projection "
              + subscriber
              + " has seen "
              + delivered
              + ", which is not in the store's history (any more); partition "
              + delivered.partition()
              + " ends at "
              + head
              + "; rebuild the projection");
    }
    insideEntry = delivered.sequence() > 0 && delivered.sequence() < at.getFirst().lastSequence();
  }

  private static boolean contains(List<LogEntry> at, Position position) {
    return !at.isEmpty()
        && at.getFirst().logId().equals(position.logId())
        && at.getFirst().contains(position.sequence());
  }

  /** Begins to fetch about so many events from the log, if that is not under way. */
  void fetchPage(
      SubscriptionConnections connections,
      EventTypes types,
      Predicate<EventType> wanted,
      int events) {
    if (page == null) {
      asked = (int) Math.clamp(Math.ceil(events / eventsPerEntry), 1, MAX_PAGE);
      askedAt = System.nanoTime();
      page =
          connections
              .log(partition(), fetchedId, insideEntry, asked)
              .thenCompose(
                  entries ->
                      EventFetch.plan(entries, types, wanted).send(connections, partition()));
      connections.flush();
    }
  }

  @Nullable CompletableFuture<EventFetch> page() {
    return page;
  }

  /** When the page was asked for, as {@link System#nanoTime()} counts. */
  long pageAskedAt() {
    return askedAt;
  }

  /**
   * Takes over the page that has been fetched.
   *
   * @return whether it reached the log's end
   */
  boolean takePage(EventFetch fetch, Predicate<EventType> wanted) {
    page = null;
    long before = fetchedSequence;
    if (!take(fetch.deliveries(wanted))) {
      throw new StoreWentBackException(
          "the log of partition " + partition() + " has a gap behind sequence " + fetchedSequence);
    }
    if (fetch.entries() > 0) {
      eventsPerEntry = Math.max(1, (fetchedSequence - before) / (double) fetch.entries());
    }
    return fetch.entries() < asked;
  }

  /**
   * Takes over what follows on what was taken.
   *
   * @return false if there is a gap, after taking over what is before it
   */
  boolean take(List<Delivery> deliveries) {
    for (Delivery delivery : deliveries) {
      LogReference reference = delivery.reference();
      if (reference.sequence() > fetchedSequence + 1) {
        return false;
      }
      if (reference.lastSequence() > fetchedSequence) {
        ready.add(reference.sequence() > fetchedSequence ? delivery : rest(delivery));
        fetchedSequence = reference.lastSequence();
        fetchedId = reference.logId();
      }
    }
    insideEntry = false;
    return true;
  }

  /** A checkpoint may be the position of a commit that shares a reference with later ones. */
  private Delivery rest(Delivery delivery) {
    List<SequencedEvent> rest =
        delivery.events().stream().filter(event -> event.sequence() > fetchedSequence).toList();
    return new Delivery(delivery.reference(), rest);
  }

  boolean hasReady() {
    return !ready.isEmpty();
  }

  /** Delivers what whole references are for until there is no more room. */
  PartitionBatch deliver(int room) {
    List<SequencedEvent> events = new ArrayList<>();
    Delivery last = ready.element();
    while (!ready.isEmpty() && events.size() < room) {
      last = ready.remove();
      events.addAll(last.events());
    }
    delivered =
        new Position(
            partition(),
            delivered.epoch(),
            last.reference().lastSequence(),
            last.reference().logId());
    return new PartitionBatch(events, delivered);
  }
}
