package dev.headwater.projection;

import dev.headwater.event.Position;
import dev.headwater.readmodel.internal.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which partitions of one projection are this instance's. The {@link LeaseKeeper} tells what the
 * database shows, the projection's thread takes and gives accordingly. Thread-safe.
 */
final class Ownership {
  private static final Logger LOG = LoggerFactory.getLogger(Ownership.class);

  private final ProjectionId projection;
  private final String instance;
  private final Heads heads;
  private final Leases leases;
  private final Duration lease;
  private final Progress progress;

  /** Tokens of the partitions that are held. */
  private final Map<Integer, Long> held = new TreeMap<>();

  private boolean offered;
  private @Nullable Roster roster;
  private @Nullable Exception failure;
  private long validUntil = System.nanoTime();

  private long rosters;

  /** Number of the roster that led to no change, or to one that was made. */
  private long settled;

  Ownership(
      ProjectionId projection, String instance, Heads heads, Duration lease, Progress progress) {
    this.projection = projection;
    this.instance = instance;
    this.heads = heads;
    this.leases = new Leases(projection, instance);
    this.lease = lease;
    this.progress = progress;
  }

  private record Seen(Roster roster, long number) {}

  /** What is to be given and taken, and what was taken by others. */
  private record Change(List<Lease> kept, List<Lease> give, List<Lease> take, Set<Integer> lost) {
    boolean isNone() {
      return give.isEmpty() && take.isEmpty() && lost.isEmpty();
    }
  }

  /** From now on this instance is ready to run the projection. */
  synchronized void offer() {
    offered = true;
  }

  /** From now on it is not, and has given up what it had; the keeper tells the others. */
  synchronized void withdraw() {
    offered = false;
    held.clear();
  }

  synchronized boolean isOffered() {
    return offered;
  }

  /**
   * What the database shows.
   *
   * @param askedAt when it was asked, as {@code nanoTime}
   * @param until how long the leases last at least
   */
  synchronized void seen(Roster now, long askedAt, long until) {
    roster = now;
    rosters++;
    validUntil = until;
    failure = null;
    progress.elsewhere(now.checkpoints(projection), askedAt);
    notifyAll();
  }

  /** The database could not be asked. */
  synchronized void failed(Exception why) {
    failure = why;
    notifyAll();
  }

  /** Wakes who waits, to look whether it should stop. */
  synchronized void wake() {
    notifyAll();
  }

  /** Whether leases are to be taken or given, or may have run out. */
  synchronized boolean isDue() {
    Roster now = roster;
    if (now == null || !isValid()) {
      return true;
    }
    if (rosters != settled && change(now).isNone() && !now.leases(projection).isEmpty()) {
      settled = rosters; // without any lease it may have been dropped: that is looked at
    }
    return rosters != settled;
  }

  /** Waits until that is so, or the condition holds after a {@link #wake}. */
  synchronized void awaitDue(BooleanSupplier stop) throws InterruptedException {
    while (!stop.getAsBoolean() && !isDue()) {
      wait(lease.toMillis()); // the leases may run out without a word
    }
  }

  private boolean isValid() {
    return System.nanoTime() - validUntil < 0;
  }

  /**
   * Called before anything is written.
   *
   * @throws SQLTransientException if the leases may have run out
   */
  synchronized void requireValid() throws SQLException {
    if (!isValid()) {
      throw late();
    }
  }

  private SQLTransientException late() {
    return new SQLTransientException(
        "the leases of instance "
            + instance
            + " could not be renewed within "
            + lease.toMillis()
            + " ms: the database is slow, or the process was paused",
        failure);
  }

  /**
   * Gives and takes what is due.
   *
   * @return the checkpoints of what is held then; empty too if it should stop
   * @throws SQLTransientException if the leases could not be renewed
   */
  List<Checkpoint> settle(
      Transactions database, Checkpoints checkpoints, List<Position> starts, BooleanSupplier stop)
      throws Exception {
    Seen seen = current(stop);
    if (seen == null) {
      return List.of();
    }
    Change change = change(seen.roster());
    List<Lease> dead =
        change.take().stream()
            .filter(lease -> lease.owner() != null && !instance.equals(lease.owner()))
            .toList();
    if (!dead.isEmpty()) {
      StalledOwners.end(database, projection, dead);
    }
    List<Checkpoint> mine =
        database.run(connection -> settle(connection, checkpoints, starts, change));
    keep(mine, seen.number(), change);
    return mine;
  }

  private List<Checkpoint> settle(
      Connection connection, Checkpoints checkpoints, List<Position> starts, Change change)
      throws SQLException {
    leases.give(connection, change.give());
    List<Lease> taken = leases.take(connection, change.take());
    return checkpoints.claim(connection, starts, taken, change.kept());
  }

  private synchronized void keep(List<Checkpoint> mine, long number, Change change) {
    Set<Integer> before = new HashSet<>(held.keySet());
    held.clear();
    mine.forEach(checkpoint -> held.put(checkpoint.partition(), checkpoint.token()));
    settled = number;
    if (!before.equals(held.keySet())) {
      LOG.info(
          "instance {} runs projection {} in partitions {}, gave {}",
          instance,
          projection,
          held.keySet(),
          change.give().stream().map(Lease::partition).toList());
    }
  }

  /** Waits for a roster that is not too old; null if it should stop. */
  private synchronized @Nullable Seen current(BooleanSupplier stop) throws Exception {
    long deadline = System.nanoTime() + lease.toNanos();
    Roster now = roster;
    while (now == null || !isValid()) {
      long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (stop.getAsBoolean()) {
        return null;
      }
      if (failure != null) {
        throw failure;
      }
      if (millis <= 0) {
        throw late();
      }
      wait(millis);
      now = roster;
    }
    return new Seen(now, rosters);
  }

  private synchronized Change change(Roster now) {
    List<Lease> mine = new ArrayList<>();
    List<Lease> free = new ArrayList<>();
    Set<Integer> lost = new HashSet<>(held.keySet());
    for (Lease lease : now.leases(projection)) {
      Long token = held.get(lease.partition());
      if (token == null) {
        if (lease.isFreeFor(instance)) {
          free.add(lease);
        }
      } else if (!lease.isLostTo(instance, token)) {
        lost.remove(lease.partition());
        mine.add(new Lease(lease.partition(), instance, true, token));
      }
    }
    int share = now.share(instance, projection, heads.partitions());
    List<Lease> give = new ArrayList<>(mine.subList(Math.min(share, mine.size()), mine.size()));
    int taken = Math.max(0, Math.min(share - mine.size(), free.size()));
    // What it took without knowing, when the answer to a commit was lost, and does not need.
    free.stream().skip(taken).filter(lease -> instance.equals(lease.owner())).forEach(give::add);
    return new Change(
        mine.subList(0, Math.min(share, mine.size())), give, free.subList(0, taken), lost);
  }

  /** Others have taken these. */
  synchronized void lost(Set<Integer> partitions) {
    held.keySet().removeAll(partitions);
    settled = 0;
    LOG.info(
        "instance {} has lost partitions {} of projection {}", instance, partitions, projection);
  }

  /** Takes everything from every instance in a transaction; all is to be taken anew. */
  void revoke(Connection connection) throws SQLException {
    leases.revoke(connection);
    synchronized (this) {
      held.clear();
      settled = 0;
    }
  }

  /** It is not known any more who runs what. */
  synchronized void close() {
    roster = null;
  }

  /** Whether living instances other than this one run the partitions of all these positions. */
  synchronized boolean isElsewhere(List<Position> positions) {
    Roster now = roster;
    return now != null
        && positions.stream()
            .allMatch(
                position ->
                    now.leases(projection).stream()
                        .anyMatch(
                            lease ->
                                lease.partition() == position.partition()
                                    && lease.alive()
                                    && !instance.equals(lease.owner())));
  }
}
