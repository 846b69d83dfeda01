package dev.headwater.redis.check;

import dev.headwater.redis.check.Finding.Kind;
import dev.headwater.redis.check.StoredPartition.Head;
import dev.headwater.redis.check.StoredPartition.Reference;
import dev.headwater.redis.check.StoredPartition.StoredEvent;
import dev.headwater.redis.check.StoredPartition.Streams;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/*
 * How a partition is checked in bounded memory while others write to it.
 *
 * First the log is read to its end: sequences, and for each stream how far the log refers to it and with which versions
 * its references begin. Then each stream is read: versions, and commits, which begin where their id changes or a
 * reference begins (none is for a part of a commit). A stream that goes further than the log did may have been
 * appended to since the log was read: so at last the rest of the log is read, and only what it doesn't refer to either
 * is a finding.
 *
 * A partition with many events is checked in slices, each with its share of the streams, and its log read once for each.
 */

/** Checks one partition of a store. Called by {@link dev.headwater.redis.StoreCheck}. */
public final class PartitionCheck {
  private static final int PAGE = 1_000;
  private static final String START = "0-0";
  private static final Head NO_HEAD = new Head(0, START);

  private final StoredPartition partition;
  private final Consumer<Finding> findings;
  private final long eventsAtATime;

  private long streamCount;
  private long eventCount;
  private long entryCount;
  private long findingCount;

  private Head head = NO_HEAD;
  private int slice;
  private int slices = 1;
  private String logEnd = START;
  private long sequence;
  private final Map<String, References> references = new HashMap<>();
  private final Map<String, Long> ahead = new HashMap<>();

  /**
   * For one run.
   *
   * @param findings told each finding when it is made
   * @param eventsAtATime about how many events' references are kept in memory; about 200 bytes each
   *     at the most
   */
  public PartitionCheck(StoredPartition partition, Consumer<Finding> findings, long eventsAtATime) {
    this.partition = partition;
    this.findings = findings;
    this.eventsAtATime = eventsAtATime;
  }

  /** Reads the whole partition. */
  public CheckReport run() {
    head = partition.head().orElse(NO_HEAD);
    slices = (int) (1 + head.sequence() / eventsAtATime);
    for (slice = 0; slice < slices; slice++) {
      references.clear();
      ahead.clear();
      logEnd = START;
      sequence = 0;
      readLog();
      if (slice == 0) {
        checkHead();
      }
      readStreams();
      readLog();
      ahead.forEach(this::checkAhead);
    }
    return new CheckReport(streamCount, eventCount, entryCount, findingCount);
  }

  private void readLog() {
    List<Reference> page;
    do {
      page = partition.log(logEnd, PAGE);
      for (Reference entry : page) {
        follow(entry);
      }
    } while (page.size() >= PAGE);
  }

  private void follow(Reference entry) {
    boolean once = slice == 0;
    entryCount += once && !entry.logId().equals(logEnd) ? 1 : 0;
    logEnd = entry.logId();
    if (entry.count() < 1) {
      if (once) {
        found(Kind.NOT_A_REFERENCE, "log", "entry " + entry.logId() + " is '" + entry.text() + "'");
      }
      return;
    }
    if (once && entry.sequence() != sequence + 1) {
      found(
          Kind.SEQUENCE_GAP,
          "log",
          "entry "
              + entry.logId()
              + " has sequence "
              + entry.sequence()
              + " instead of "
              + (sequence + 1));
    }
    sequence = entry.lastSequence();
    if (once && sequence == head.sequence() && !head.logId().equals(logEnd)) {
      found(
          Kind.HEAD_MISMATCH,
          "head",
          "says that event " + sequence + " is in entry " + head.logId() + ", it is in " + logEnd);
    }
    if (isInSlice(entry.stream())) {
      refer(entry);
    }
  }

  private void refer(Reference entry) {
    References before = references.computeIfAbsent(entry.stream(), name -> new References());
    if (entry.first() <= before.last()) {
      found(
          Kind.REFERENCED_TWICE,
          entry.stream(),
          versions(entry.first(), Math.min(before.last(), entry.last()))
              + ", again by log entry "
              + entry.logId());
    } else if (entry.first() > before.last() + 1) {
      found(
          Kind.NOT_REFERENCED,
          entry.stream(),
          versions(before.last() + 1, entry.first() - 1)
              + ", passed over by log entry "
              + entry.logId());
    }
    before.add(entry.first(), entry.last());
  }

  private void checkHead() {
    // Both are written at once: the log has at least what the head said before, and the head says
    // afterwards at least what the log has.
    long after = partition.head().orElse(NO_HEAD).sequence();
    if (head.sequence() > sequence || after < sequence) {
      found(
          Kind.HEAD_MISMATCH,
          "head",
          "says " + Math.min(head.sequence(), after) + " events, the log has " + sequence);
    }
  }

  private void readStreams() {
    String cursor = "0";
    do {
      Streams some = partition.streams(cursor);
      some.names().stream().filter(this::isInSlice).forEach(this::readStream);
      cursor = some.cursor();
    } while (!cursor.equals("0"));
    references.forEach(
        (name, known) -> {
          if (!known.isMet()) {
            found(
                Kind.REFERENCE_UNRESOLVED,
                name,
                versions(1, known.last()) + ", the stream does not exist");
          }
        });
  }

  private void readStream(String name) {
    References known = references.computeIfAbsent(name, unknown -> new References());
    if (known.meet()) {
      return; // a scan may give a name twice
    }
    streamCount++;
    Set<String> commits = new HashSet<>();
    String commit = "";
    String end = START;
    long last = 0;
    List<StoredEvent> page;
    do {
      page = partition.stream(name, end, PAGE);
      for (StoredEvent event : page) {
        eventCount++;
        end = event.id();
        long version = version(event);
        if (version != last + 1) {
          found(Kind.VERSION_GAP, name, "entry " + end + " instead of " + (last + 1) + "-0");
        }
        last = version;
        if (known.beginsAt(version) || !event.commitId().equals(commit)) {
          commit = event.commitId();
          if (!commits.add(commit)) {
            found(Kind.COMMIT_TWICE, name, commit + ", again at version " + version);
          }
        }
      }
    } while (page.size() == PAGE);
    if (last > known.last()) {
      ahead.put(name, last);
    } else if (last < known.last()) {
      found(
          Kind.REFERENCE_UNRESOLVED,
          name,
          versions(last + 1, known.last()) + ", the stream has " + last);
    }
  }

  private void checkAhead(String name, long last) {
    long referenced = references.getOrDefault(name, new References()).last();
    if (last > referenced) {
      found(Kind.NOT_REFERENCED, name, versions(referenced + 1, last));
    }
  }

  private boolean isInSlice(String name) {
    return slices == 1 || Math.floorMod(name.hashCode(), slices) == slice;
  }

  /** -1 for an id that is not {@code <version>-0}. */
  private static long version(StoredEvent event) {
    return event.id().endsWith("-0")
        ? Long.parseLong(event.id(), 0, event.id().length() - 2, 10)
        : -1;
  }

  private static String versions(long first, long last) {
    return first == last ? "version " + first : "versions " + first + " to " + last;
  }

  private void found(Kind kind, String subject, String what) {
    findingCount++;
    findings.accept(new Finding(kind, partition.number(), subject, what));
  }
}
