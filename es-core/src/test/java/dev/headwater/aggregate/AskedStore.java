package dev.headwater.aggregate;

import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.AppendResult;
import dev.headwater.store.AppendToStream;
import dev.headwater.store.Commit;
import dev.headwater.store.Durability;
import dev.headwater.store.FindCommit;
import dev.headwater.store.ReadStream;
import dev.headwater.store.Receipt;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A steered store that finds commits, and takes as long for it as the test likes. */
record AskedStore(SteeredStore steered, CompletableFuture<Void> mayAnswer)
    implements ReadStream, AppendToStream, FindCommit {
  @Override
  public Optional<Receipt> find(StreamId stream, String commitId) {
    mayAnswer.join();
    return steered.inner.find(stream, commitId);
  }

  @Override
  public CompletableFuture<AppendResult> append(Commit commit, Durability durability) {
    return steered.append(commit, durability);
  }

  @Override
  public List<RecordedEvent> read(StreamId stream, long from, Direction direction, int limit) {
    return steered.read(stream, from, direction, limit);
  }
}
