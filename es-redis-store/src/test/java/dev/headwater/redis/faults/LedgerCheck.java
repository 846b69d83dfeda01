package dev.headwater.redis.faults;

import dev.headwater.event.Position;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.SequencedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.redis.faults.Ledger.Answer;
import dev.headwater.redis.faults.Ledger.Line;
import dev.headwater.store.EventStore;
import dev.headwater.store.PartitionBatch;
import dev.headwater.store.StoreWentBackException;
import dev.headwater.store.Subscription;
import dev.headwater.store.SubscriptionSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Compares what writers were told with what a store gives to those who read it: as streams, and as
 * partitions in the way of a projection.
 */
final class LedgerCheck {
  /**
   * While Redis forces its file to disk once a second, it writes nothing to it, for up to two
   * seconds, and acknowledges all the same. What is acknowledged then dies with the process.
   */
  static final Duration UNWRITTEN = Duration.ofSeconds(2);

  /** How much later than it was sent an answer may be noted. */
  private static final Duration LATE = Duration.ofSeconds(2);

  private final EventStore store;
  private final Consumer<String> findings;

  /** Stream, then version: the commit id. */
  private final Map<String, TreeMap<Long, String>> stored = new TreeMap<>();

  /** Stream and version: the number in the partition. */
  private final Map<String, Long> sequences = new HashMap<>();

  LedgerCheck(EventStore store, Consumer<String> findings) {
    this.store = store;
    this.findings = findings;
  }

  /** Acknowledged commits that are gone, and may be. */
  private long lostAtKills;

  private List<Long> kills = List.of();

  long lostAtKills() {
    return lostAtKills;
  }

  /** How many commits the store has. Those that nobody was told about may be there, whole. */
  long run(List<Line> ledger) {
    kills = ledger.stream().filter(line -> line.answer() == Answer.KILLED).map(Line::at).toList();
    readPartitions();
    Map<String, Long> commits = new HashMap<>();
    stored.forEach(this::compareWithStream);
    stored.forEach((stream, events) -> countEvents(stream, events, commits));
    commits.forEach(this::compareWithId);
    ledger.forEach(line -> compare(line, commits));
    return commits.size();
  }

  private void readPartitions() {
    List<Position> starts =
        IntStream.range(0, store.partitionCount())
            .mapToObj(p -> Position.start(p, store.head(p).epoch()))
            .toList();
    SubscriptionSpec spec =
        new SubscriptionSpec("ledger-check", "check", starts, type -> true, 10_000);
    long[] reached = new long[starts.size()];
    long missing = IntStream.range(0, starts.size()).mapToLong(p -> store.head(p).sequence()).sum();
    try (Subscription subscription = store.subscribe(spec)) {
      while (missing > 0) {
        List<PartitionBatch> batches = subscription.poll(Duration.ofSeconds(5));
        if (batches.isEmpty()) {
          findings.accept("LOST " + missing + " events are not delivered to a projection");
          return;
        }
        for (PartitionBatch batch : batches) {
          missing -= batch.events().size();
          batch.events().forEach(event -> take(batch.next().partition(), event, reached));
        }
      }
    } catch (StoreWentBackException e) {
      findings.accept("GAP " + e.getMessage());
    }
  }

  private void take(int partition, SequencedEvent sequenced, long[] reached) {
    RecordedEvent event = sequenced.event();
    String stream = event.stream().toString();
    if (sequenced.sequence() != reached[partition] + 1) {
      findings.accept(
          "GAP partition %d delivers sequence %d after %d"
              .formatted(partition, sequenced.sequence(), reached[partition]));
    }
    reached[partition] = sequenced.sequence();
    TreeMap<Long, String> events = stored.computeIfAbsent(stream, unknown -> new TreeMap<>());
    long last = events.isEmpty() ? 0 : events.lastKey();
    if (event.version() != last + 1) {
      findings.accept(
          "GAP %s is delivered with version %d after %d".formatted(stream, event.version(), last));
    }
    events.put(event.version(), event.commitId());
    sequences.put(stream + "@" + event.version(), sequenced.sequence());
  }

  private void compareWithStream(String stream, TreeMap<Long, String> delivered) {
    TreeMap<Long, String> read = new TreeMap<>();
    store
        .readAll(StreamId.parse(stream), 1)
        .forEach(event -> read.put(event.version(), event.commitId()));
    if (!read.equals(delivered)) {
      findings.accept(
          "LOST %s has %d events when it is read and %d when its partition is"
              .formatted(stream, read.size(), delivered.size()));
    }
  }

  private void countEvents(String stream, TreeMap<Long, String> events, Map<String, Long> commits) {
    String before = "";
    for (String commit : events.values()) {
      if (!commit.equals(before) && commits.containsKey(commit)) {
        findings.accept("TWICE " + commit + " is in " + stream + " in two places");
      }
      commits.merge(commit, 1L, Long::sum);
      before = commit;
    }
  }

  private void compareWithId(String commit, long events) {
    long expected = Long.parseLong(commit.substring(commit.lastIndexOf('-') + 1));
    if (events != expected) {
      findings.accept(
          "%s %s has %d events instead of %d"
              .formatted(events > expected ? "TWICE" : "LOST", commit, events, expected));
    }
  }

  private void compare(Line line, Map<String, Long> commits) {
    if (line.answer() == Answer.KILLED) {
      return;
    }
    if (line.answer() == Answer.NOT_STORED) {
      if (commits.containsKey(line.commit())) {
        findings.accept("UNTRUE " + line.commit() + " is stored, its writer was told it is not");
      }
      return;
    }
    Map<Long, String> events = stored.getOrDefault(line.stream(), new TreeMap<>());
    List<Long> lost = new ArrayList<>();
    for (long version = line.first(); version <= line.last(); version++) {
      if (!line.commit().equals(events.get(version))) {
        lost.add(version);
      }
    }
    if (!lost.isEmpty() && mayBeLost(line)) {
      lostAtKills++;
      return;
    }
    if (!lost.isEmpty()) {
      findings.accept("LOST " + line.commit() + ", versions " + lost + " of " + line.stream());
    }
    Long sequence = sequences.get(line.stream() + "@" + line.last());
    if (line.sequence() > 0 && sequence != null && sequence != line.sequence()) {
      findings.accept(
          "MOVED %s was acknowledged with sequence %d and has %d"
              .formatted(line.commit(), line.sequence(), sequence));
    }
  }

  private boolean mayBeLost(Line line) {
    return kills.stream()
        .anyMatch(
            kill ->
                kill - UNWRITTEN.toMillis() <= line.at() && line.at() <= kill + LATE.toMillis());
  }
}
