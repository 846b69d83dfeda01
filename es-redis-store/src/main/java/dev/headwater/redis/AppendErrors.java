package dev.headwater.redis;

import dev.headwater.store.AppendOutcomeUnknownException;
import dev.headwater.store.Commit;
import dev.headwater.store.CommitIdUsedException;
import dev.headwater.store.EventStoreException;
import dev.headwater.store.OverloadedException;
import dev.headwater.store.StoreUnavailableException;
import dev.headwater.store.StoreWentBackException;

/** Says why a commit was not stored, or that nobody knows, and what to do about it. */
final class AppendErrors {
  private final RedisStoreOptions options;

  AppendErrors(RedisStoreOptions options) {
    this.options = options;
  }

  OverloadedException queueFull(long queued) {
    return new OverloadedException(
        queued
            + " bytes already wait to be appended to "
            + options
            + ", and "
            + options.maxQueuedBytes()
            + " may: append again when some of it is stored, or raise maxQueuedBytes of"
            + " RedisStoreOptions");
  }

  StoreUnavailableException closed() {
    return new StoreUnavailableException(options + " is closed", null);
  }

  /** The server refused a call, and trying again would not help. */
  EventStoreException refused(int partition, PendingCommit pending, Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    String what = what(pending);
    return switch (Failure.of(cause)) {
      case REFUSED ->
          new StoreUnavailableException(
              what
                  + options
                  + " refuses ("
                  + message
                  + "); "
                  + Failure.advice(message, options.namespace()),
              cause);
      case WRONG_EPOCH ->
          new StoreWentBackException(
              what
                  + "partition "
                  + partition
                  + " of "
                  + options
                  + " has another history than when it was opened ("
                  + message
                  + "); it was emptied or replaced: find out why, then open it again");
      case WRONG_TYPE ->
          new EventStoreException(
              what
                  + "the log or head of partition "
                  + partition
                  + " of "
                  + options
                  + " holds something else ("
                  + message
                  + "); something else than this store wrote to it",
              cause);
      default -> new EventStoreException(what + options + " answered: " + message, cause);
    };
  }

  private static String what(PendingCommit pending) {
    return "commit " + pending.commit.id() + " to " + pending.commit.stream() + " was not stored: ";
  }

  /** The key of the commit's stream holds something else. */
  EventStoreException keyRefused(Commit commit, String error) {
    return new EventStoreException(
        "commit "
            + commit.id()
            + " was not stored: the key of stream "
            + commit.stream()
            + " in "
            + options
            + " can't be written ("
            + error
            + "); something else than this store wrote to it");
  }

  static CommitIdUsedException usedElsewhere(Commit commit, String stream, long version) {
    return new CommitIdUsedException(
        commit.id(), commit.stream(), stream + " at version " + version);
  }

  /** It was sent, and no answer tells what became of it. */
  AppendOutcomeUnknownException unknown(PendingCommit pending, Throwable cause) {
    return new AppendOutcomeUnknownException(
        pending.commit.id(),
        pending.commit.stream(),
        options + " did not answer (" + cause.getMessage() + ")",
        cause);
  }

  /** It was sent, and the answer does not tell any more what became of it. */
  AppendOutcomeUnknownException notProvable(PendingCommit pending) {
    return new AppendOutcomeUnknownException(
        pending.commit.id(),
        pending.commit.stream(),
        "more was stored meanwhile than " + options + " keeps command ids for",
        null);
  }

  StoreUnavailableException neverSent(PendingCommit pending, Throwable cause) {
    return new StoreUnavailableException(
        what(pending) + options + " is not available (" + cause.getMessage() + ")", cause);
  }
}
