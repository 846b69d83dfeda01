package dev.headwater.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.event.Metadata;
import dev.headwater.event.Position;
import dev.headwater.event.SequencedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.projection.Accounts.Deposited;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.store.AppendResult;
import dev.headwater.store.Commit;
import dev.headwater.store.EventStoreException;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.PartitionBatch;
import dev.headwater.store.Subscription;
import dev.headwater.store.SubscriptionSpec;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/** What a store's deposits add up to, and whether {@link Movements} shows just that. */
final class Deposits {
  private static final int ACCOUNTS = 60;

  private final RedisEventStore store;
  private final AtomicLong number = new AtomicLong();

  Deposits(RedisEventStore store) {
    this.store = store;
  }

  /** Appends so many commits of one to three events, accounts in turn; the last one's position. */
  Position append(int commits) {
    Position last = null;
    for (int i = 0; i < commits; i++) {
      long k = number.incrementAndGet();
      String account = "a" + k % ACCOUNTS;
      Commit commit =
          new Commit(
              UUID.randomUUID().toString(),
              new StreamId("Account", account),
              ExpectedVersion.any(),
              Metadata.at(Instant.EPOCH),
              IntStream.range(0, 1 + (int) (k % 3))
                  .mapToObj(one -> Accounts.CODEC.encode(Accounts.deposited(account, k + one)))
                  .toList());
      last = appendForSure(commit);
    }
    return last;
  }

  /** Sends it until it is stored: the same commit is stored once. */
  private Position appendForSure(Commit commit) {
    long deadline = System.nanoTime() + Fixture.LONG.toNanos();
    while (true) {
      try {
        return ((AppendResult.Appended) store.appendAndWait(commit)).receipt().position();
      } catch (EventStoreException e) {
        assertThat(System.nanoTime()).as("waited too long: %s", e).isLessThan(deadline);
      }
    }
  }

  /** Appends on a thread of its own until it is closed. */
  final class Load implements AutoCloseable {
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Thread thread =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  while (!stopped.get()) {
                    append(5);
                    pause(5);
                  }
                });

    private static void pause(int millis) {
      try {
        TimeUnit.MILLISECONDS.sleep(millis);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Whether it goes on. */
    boolean isAlive() {
      return thread.isAlive();
    }

    @Override
    public void close() {
      stopped.set(true);
      Uninterrupted.run(thread::join);
    }
  }

  Load load() {
    return new Load();
  }

  /** The last event of each partition. */
  List<Position> heads() {
    return IntStream.range(0, store.partitionCount()).mapToObj(store::head).toList();
  }

  /** Waits until the read model shows all that is stored. */
  void awaitShown(DataSource database) {
    long stored = heads().stream().mapToLong(Position::sequence).sum();
    Fixture.await(() -> applied(database) >= stored);
  }

  static long applied(DataSource database) {
    try {
      return Fixture.number(
          database, "SELECT COALESCE(SUM(sequence), 0) FROM headwater.projection_checkpoint");
    } catch (IllegalStateException e) {
      return -1; // the database is down
    }
  }

  /**
   * Asserts that the read model is the fold of the events up to its checkpoints, and that each
   * account's events were written in their order. One query reads all, so all is of one moment.
   *
   * @return events in the read model
   */
  long assertExact(DataSource database) {
    Map<Integer, Long> checkpoints = new HashMap<>();
    Map<String, BigDecimal> shown = new TreeMap<>();
    String sql =
        "SELECT CAST(partition_no AS VARCHAR), sequence, 0 FROM headwater.projection_checkpoint"
            + " UNION ALL SELECT account, 0, total FROM account_total";
    try (var connection = database.getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        if (rows.getString(1).startsWith("a")) {
          shown.put(rows.getString(1), rows.getBigDecimal(3).setScale(2));
        } else {
          checkpoints.put(Integer.valueOf(rows.getString(1)), rows.getLong(2));
        }
      }
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
    Map<String, BigDecimal> expected = new TreeMap<>();
    long events = 0;
    for (SequencedEventAt one : events()) {
      if (one.event().sequence() <= checkpoints.getOrDefault(one.partition(), 0L)) {
        Deposited deposited = (Deposited) Accounts.CODEC.decode(one.event().event());
        expected.merge(deposited.account(), deposited.amount().setScale(2), BigDecimal::add);
        events++;
      }
    }
    assertThat(shown).isEqualTo(expected);
    assertThat(Fixture.number(database, DISORDERED)).as("events out of order").isZero();
    return events;
  }

  private static final String DISORDERED =
      "SELECT COUNT(*) FROM (SELECT version - COALESCE(LAG(version) OVER (PARTITION BY account"
          + " ORDER BY id), 0) AS step FROM movement) AS steps WHERE step <> 1";

  private record SequencedEventAt(int partition, SequencedEvent event) {}

  private List<SequencedEventAt> events() {
    List<Position> heads = heads();
    List<Position> from =
        heads.stream().map(head -> Position.start(head.partition(), head.epoch())).toList();
    long stored = heads.stream().mapToLong(Position::sequence).sum();
    List<SequencedEventAt> events = new ArrayList<>();
    SubscriptionSpec spec = new SubscriptionSpec("check", "check", from, type -> true, 100_000);
    try (Subscription subscription = store.subscribe(spec)) {
      while (events.size() < stored) {
        for (PartitionBatch batch : subscription.poll(Duration.ofSeconds(1))) {
          int partition = batch.next().partition();
          batch.events().forEach(event -> events.add(new SequencedEventAt(partition, event)));
        }
      }
    }
    return events;
  }
}
