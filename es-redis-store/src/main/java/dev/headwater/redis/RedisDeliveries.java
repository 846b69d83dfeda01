package dev.headwater.redis;

import dev.headwater.event.Position;
import dev.headwater.event.SequencedEvent;
import dev.headwater.store.Delivered;
import dev.headwater.store.Deliveries;
import dev.headwater.store.DeliverySpec;
import dev.headwater.store.EventStoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A member of the consumer groups of the partitions' logs.
 *
 * <p>The groups' pending lists are the memory: whoever has entries of a log in its list is given
 * the next ones of that log, and nobody else ({@code deliver.lua}). They are asked when news ring
 * the bell, and now and then for what other members have abandoned.
 */
final class RedisDeliveries implements Deliveries {
  private static final int PAGE = 200;
  private static final long LOOK = TimeUnit.SECONDS.toNanos(2);
  private static final long LOOK_AT_HELD = TimeUnit.MILLISECONDS.toNanos(100);

  /** Idle for longer than anybody waits. */
  private static final long ABANDONED_MILLIS = TimeUnit.DAYS.toMillis(1_000);

  private final DeliverySpec spec;
  private final GroupCalls calls;
  private final NewsBell bell;
  private final Consumer<RedisDeliveries> onClose;
  private final long abandonedAfter;
  private final Map<Integer, HeldPartition> partitions = new LinkedHashMap<>();
  private final Semaphore wake = new Semaphore(0);

  /** Held while the server is asked, so that a close does not cross it. */
  private final ReentrantLock asking = new ReentrantLock();

  /** What is held and was not delivered yet, because the server failed in the middle of a poll. */
  private final List<Delivered> taken = new ArrayList<>();

  private long keepAt;
  private int turn;
  private volatile boolean closed;

  RedisDeliveries(
      DeliverySpec spec,
      GroupCalls calls,
      Function<Runnable, NewsBell> bell,
      Consumer<RedisDeliveries> onClose) {
    this.spec = spec;
    this.calls = calls;
    this.bell = bell.apply(wake::release);
    this.onClose = onClose;
    this.abandonedAfter = spec.abandonedAfter().toNanos();
  }

  /** Makes the groups where they are not there. */
  void begin() {
    for (Position from : spec.from()) {
      HeldPartition partition =
          new HeldPartition(from.partition(), calls.create(from) ? from : null);
      partitions.put(from.partition(), partition);
    }
    keepAt = System.nanoTime() + abandonedAfter / 3;
  }

  @Override
  public List<Delivered> poll(Duration maxWait) {
    long deadline = System.nanoTime() + maxWait.toNanos();
    while (true) {
      List<Delivered> delivered = ask();
      long now = System.nanoTime();
      if (closed || !delivered.isEmpty() || now - deadline >= 0 || !pause(deadline, now)) {
        return delivered;
      }
      for (int rung : bell.rung()) {
        partition(rung).mayHaveNews = true;
      }
    }
  }

  private List<Delivered> ask() {
    asking.lock();
    try {
      if (closed) {
        return List.of();
      }
      keep();
      return take();
    } finally {
      asking.unlock();
    }
  }

  private HeldPartition partition(int number) {
    HeldPartition partition = partitions.get(number);
    if (partition == null) {
      throw new IllegalArgumentException(
          "group " + spec.group() + " does not read partition " + number);
    }
    return partition;
  }

  private void keep() {
    long now = System.nanoTime();
    if (now - keepAt < 0) {
      return;
    }
    for (HeldPartition partition : partitions.values()) {
      if (!partition.isEmpty()) {
        long askedAt = System.nanoTime();
        partition.kept(calls.keep(partition.number, 0), askedAt);
      }
    }
    keepAt = now + abandonedAfter / 3;
  }

  private List<Delivered> take() {
    List<HeldPartition> all = List.copyOf(partitions.values());
    int room = room();
    for (int i = 0; i < all.size() && room > 0; i++) {
      turn = (turn + 1) % all.size();
      HeldPartition partition = all.get(turn);
      if (partition.mayHaveNews || System.nanoTime() - partition.lookAt >= 0) {
        int before = taken.size();
        take(partition, Math.min(room, PAGE));
        for (Delivered each : taken.subList(before, taken.size())) {
          room -= each.events().size();
        }
      }
    }
    List<Delivered> delivered = List.copyOf(taken);
    taken.clear();
    return delivered;
  }

  private int room() {
    return spec.maxEvents() - partitions.values().stream().mapToInt(HeldPartition::events).sum();
  }

  private void take(HeldPartition partition, int count) {
    long askedAt = System.nanoTime();
    DeliverReply reply =
        calls.deliver(
            partition.number, partition.lastHeld(), count, spec.abandonedAfter().toMillis());
    List<String> unwanted = new ArrayList<>();
    for (LogEntry entry : reply.entries()) {
      Position before = before(partition, entry);
      boolean isWanted = false;
      for (LogReference reference : entry.references()) {
        List<SequencedEvent> events = calls.events(partition.number, reference, spec.wanted());
        Position place = calls.place(partition.number, reference);
        if (!events.isEmpty()) {
          Delivered delivered = new Delivered(events, place);
          partition.hold(delivered, before, askedAt);
          taken.add(delivered);
          isWanted = true;
        }
        before = place;
      }
      if (!isWanted) {
        unwanted.add(entry.logId());
      }
      partition.reach(before);
    }
    if (!unwanted.isEmpty()) {
      calls.acknowledge(partition.number, unwanted);
    }
    partition.lastId = reply.lastId();
    partition.heldByAnother = reply.isHeldByAnother();
    partition.mayHaveNews =
        !reply.entries().isEmpty() && !reply.entries().getLast().logId().equals(reply.lastId());
    partition.lookAt =
        askedAt + (partition.heldByAnother ? Math.min(LOOK_AT_HELD, abandonedAfter / 4) : LOOK);
  }

  private Position before(HeldPartition partition, LogEntry entry) {
    Position reached = partition.reached();
    return reached != null && reached.sequence() == entry.sequence() - 1
        ? reached
        : calls.before(partition.number, entry);
  }

  /**
   * Waits for news, for room, or for the next look.
   *
   * @return false if the thread was interrupted
   */
  private boolean pause(long deadline, long now) {
    Map<Integer, String> quiet =
        partitions.values().stream()
            .filter(partition -> !partition.heldByAnother && !partition.mayHaveNews)
            .collect(Collectors.toMap(partition -> partition.number, p -> p.lastId));
    bell.listen(quiet);
    long until = Math.min(deadline, keepAt);
    if (room() > 0) { // else there is nothing to look for
      for (HeldPartition partition : partitions.values()) {
        until = Math.min(until, partition.mayHaveNews ? now : partition.lookAt);
      }
    }
    try {
      boolean woken = wake.tryAcquire(until - now, TimeUnit.NANOSECONDS);
      if (woken) {
        wake.drainPermits();
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void acknowledge(Collection<Delivered> handled) {
    Map<Integer, List<Delivered>> byPartition =
        handled.stream().collect(Collectors.groupingBy(each -> each.position().partition()));
    byPartition.forEach(
        (number, each) -> {
          HeldPartition partition = partition(number);
          List<Delivered> held = partition.held(each);
          Set<String> done = partition.entriesHandledBy(held);
          if (!done.isEmpty()) {
            calls.acknowledge(number, done);
          }
          partition.remove(held);
        });
    wake.release();
  }

  @Override
  public boolean holds(Delivered delivered) {
    return !closed && partition(delivered.position().partition()).holds(delivered, abandonedAfter);
  }

  @Override
  public List<Position> acknowledged() {
    List<Position> positions = new ArrayList<>();
    for (HeldPartition partition : partitions.values()) {
      @Nullable Position acknowledged = partition.acknowledged();
      if (acknowledged != null) {
        positions.add(acknowledged);
      }
    }
    return positions;
  }

  @Override
  public void close() {
    wake.release();
    asking.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      handOver();
    } finally {
      asking.unlock();
      wake.release();
      bell.close();
      onClose.accept(this);
    }
  }

  private void handOver() {
    try {
      for (HeldPartition partition : partitions.values()) {
        calls.keep(partition.number, ABANDONED_MILLIS);
      }
    } catch (EventStoreException e) {
      // Others get it all the same, when it counts as abandoned.
    }
  }
}
