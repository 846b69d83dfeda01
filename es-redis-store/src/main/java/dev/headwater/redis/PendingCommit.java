package dev.headwater.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headwater.event.NewEvent;
import dev.headwater.store.AppendResult;
import dev.headwater.store.Commit;
import dev.headwater.store.Durability;
import dev.headwater.store.ExpectedVersion.Any;
import dev.headwater.store.ExpectedVersion.Exactly;
import dev.headwater.store.ExpectedVersion.Following;
import io.lettuce.core.protocol.CommandArgs;
import java.util.concurrent.CompletableFuture;

/** A commit in encoded form that waits to be appended, and whoever waits for it. */
final class PendingCommit {
  /** Rough size of what a commit needs besides its payload. */
  private static final int OVERHEAD = 300;

  final Commit commit;
  final Durability asked;
  final byte[] key;
  final CompletableFuture<AppendResult> outcome = new CompletableFuture<>();
  final long since = System.nanoTime();
  final int bytes;

  /** The partition had come to there, or further, when this was sent for the first time. */
  long knownSequence;

  private final byte[] metadata;

  PendingCommit(Commit commit, Durability asked, byte[] key, long knownSequence) {
    this.commit = commit;
    this.asked = asked;
    this.knownSequence = knownSequence;
    this.key = key;
    this.metadata = commit.metadata().toJson();
    long size = (long) OVERHEAD + key.length;
    for (NewEvent event : commit.events()) {
      size += event.data().length + metadata.length + 50;
    }
    this.bytes = (int) Math.min(size, Integer.MAX_VALUE);
  }

  long expected() {
    return switch (commit.expected()) {
      case Exactly exactly -> exactly.version();
      case Following following -> following.version();
      case Any any -> -1;
    };
  }

  byte[] id() {
    return commit.id().getBytes(UTF_8);
  }

  void addTo(CommandArgs<byte[], byte[]> args) {
    switch (commit.expected()) {
      case Exactly exactly -> args.add(exactly.version() + 1);
      case Following following ->
          args.add((following.version() + 1 + ":" + following.commitId()).getBytes(UTF_8));
      case Any any -> args.add("*" + knownSequence);
    }
    args.add(commit.events().size()).add(metadata);
    for (NewEvent event : commit.events()) {
      args.add(event.type().toString()).add(event.data());
    }
  }
}
