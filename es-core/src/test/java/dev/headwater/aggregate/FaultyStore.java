package dev.headwater.aggregate;

import dev.headwater.aggregate.Accounts.Deposited;
import dev.headwater.event.Metadata;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.store.AppendOutcomeUnknownException;
import dev.headwater.store.AppendResult;
import dev.headwater.store.AppendToStream;
import dev.headwater.store.Commit;
import dev.headwater.store.Durability;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.ReadStream;
import dev.headwater.store.StoreUnavailableException;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * An in-memory store into which another process writes, which loses requests and answers, refuses,
 * and lets answers overtake each other; all by chance, from a seed. Seed 0 works without fault.
 */
final class FaultyStore implements ReadStream, AppendToStream, AutoCloseable {
  static final String EXTERNAL = "external-";

  private final InMemoryEventStore inner = new InMemoryEventStore();
  private final ExecutorService answers = Executors.newFixedThreadPool(3);
  private final boolean faulty;
  private final Random random;
  private int externals;

  FaultyStore(int seed) {
    faulty = seed != 0;
    random = new Random(seed);
  }

  InMemoryEventStore inner() {
    return inner;
  }

  @Override
  public CompletableFuture<AppendResult> append(Commit commit, Durability durability) {
    if (!faulty) {
      return inner.append(commit, durability);
    }
    CompletableFuture<AppendResult> answer = new CompletableFuture<>();
    Runnable answering = arrive(commit, durability, answer);
    Future<?> unused = answers.submit(answering);
    return answer;
  }

  /** Does what chance wants of the store; gives what is left to be done about the answer. */
  private synchronized Runnable arrive(
      Commit commit, Durability durability, CompletableFuture<AppendResult> answer) {
    int chance = random.nextInt(100);
    if (chance < 4) {
      external(commit.stream(), 1 + random.nextInt(3));
    }
    if (chance >= 90 && chance < 94) {
      return () -> {
        answer.completeExceptionally(unknown(commit));
        if (chance >= 92) {
          var unused = inner.append(commit); // has wandered about in the network
        }
      };
    }
    if (chance >= 94 && chance < 96) {
      return () ->
          answer.completeExceptionally(new StoreUnavailableException("refused by chance", null));
    }
    AppendResult result = inner.append(commit, durability).join();
    return chance >= 96
        ? () -> answer.completeExceptionally(unknown(commit))
        : () -> answer.complete(result);
  }

  private void external(StreamId stream, int count) {
    inner.appendAndWait(
        new Commit(
            EXTERNAL + externals++,
            stream,
            ExpectedVersion.any(),
            Metadata.atMicros(0),
            Collections.nCopies(count, Accounts.CODEC.encode(new Deposited(1)))));
  }

  private static AppendOutcomeUnknownException unknown(Commit commit) {
    return new AppendOutcomeUnknownException(commit.id(), commit.stream(), "by chance", null);
  }

  @Override
  public List<RecordedEvent> read(StreamId stream, long from, Direction direction, int limit) {
    return inner.read(stream, from, direction, limit);
  }

  @Override
  public void close() {
    answers.shutdownNow();
  }
}
