package dev.headwater.redis.faults;

import dev.headwater.event.EventType;
import dev.headwater.event.Metadata;
import dev.headwater.event.NewEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.AppendOutcomeUnknownException;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.AppendResult.Conflict;
import dev.headwater.store.AppendResult.NotDurable;
import dev.headwater.store.AppendResult.StoreBehind;
import dev.headwater.store.Commit;
import dev.headwater.store.EventStore;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.StoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Appends to streams directly, one commit after another, and tells the ledger each answer. */
final class Writer implements Workload.Part {
  private static final NewEvent EVENT =
      new NewEvent(
          new EventType("Noted", 1),
          ("{\"text\":\"" + "x".repeat(150) + "\"}").getBytes(StandardCharsets.UTF_8));

  private final String name;
  private final EventStore store;
  private final Ledger ledger;
  private final List<StreamId> streams;
  private final boolean mayLose;
  private final Map<StreamId, Long> versions = new HashMap<>();
  private long number;

  /**
   * Appends to some streams, which others may append to as well.
   *
   * @param name begins its commits' ids, so nobody else may ever have it
   * @param mayLose whether it is in order that the store forgets what it has acknowledged
   */
  Writer(String name, EventStore store, Ledger ledger, List<StreamId> streams, boolean mayLose) {
    this.name = name;
    this.store = store;
    this.ledger = ledger;
    this.streams = streams;
    this.mayLose = mayLose;
  }

  /** Ids end in the number of their events, so that a part of a commit or two can be told. */
  static String commitId(String writer, long number, int events) {
    return writer + "-" + number + "-" + events;
  }

  @Override
  public void step(Random random) {
    StreamId stream = streams.get(random.nextInt(streams.size()));
    int events = 1 + random.nextInt(3);
    Commit commit =
        new Commit(
            commitId(name, ++number, events),
            stream,
            ExpectedVersion.exactly(versions.getOrDefault(stream, 0L)),
            Metadata.atMicros(number),
            Collections.nCopies(events, EVENT));
    appendUntilDecided(commit);
  }

  private void appendUntilDecided(Commit commit) {
    boolean maybeStored = false;
    while (true) {
      try {
        switch (store.appendAndWait(commit)) {
          case Appended(var receipt) -> {
            ledger.stored(commit.id(), receipt);
            versions.put(commit.stream(), receipt.lastVersion());
          }
          case NotDurable notYet -> {
            maybeStored = true; // the same commit again has it proven
            Workload.pause(20);
            continue;
          }
          case Conflict(var stream, var expected, var actual) -> {
            ledger.notStored(commit.id(), stream);
            versions.put(stream, actual);
          }
          case StoreBehind behind -> {
            if (!mayLose) {
              throw new AssertionError("the store has lost events: " + behind);
            }
            ledger.notStored(commit.id(), behind.stream());
            versions.put(behind.stream(), behind.actual());
          }
        }
        return;
      } catch (AppendOutcomeUnknownException e) {
        maybeStored = true;
      } catch (StoreUnavailableException e) {
        // By this call. An earlier one may have stored it: then only the same commit can tell.
        if (!maybeStored) {
          ledger.notStored(commit.id(), commit.stream());
          Workload.pause(20);
          return;
        }
        Workload.pause(20);
      }
    }
  }
}
