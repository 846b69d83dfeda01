package dev.headwater.redis;

import dev.headwater.store.EventStoreException;
import io.lettuce.core.api.StatefulRedisConnection;
import org.jspecify.annotations.Nullable;

/**
 * One sending of a batch: takes the script's answer and, where the disk was asked for, the proof,
 * and tells its {@link PartitionAppender}, unless that has given it up meanwhile.
 */
final class AppendAttempt {
  final AppendBatch batch;
  final StatefulRedisConnection<byte[], byte[]> connection;

  /** When it began, as {@link System#nanoTime} counts. */
  final long since = System.nanoTime();

  private final PartitionAppender appender;

  /** The connection's, see {@link Barrier#incarnation}. */
  private final int incarnation;

  /** The script's answer, while its durability is being proven. */
  private volatile @Nullable AppendReply reply;

  /** Whether something was written for its sake, because the script wrote nothing. */
  private volatile boolean touched;

  AppendAttempt(
      PartitionAppender appender,
      AppendBatch batch,
      StatefulRedisConnection<byte[], byte[]> connection,
      int incarnation) {
    this.appender = appender;
    this.batch = batch;
    this.connection = connection;
    this.incarnation = incarnation;
  }

  /** The call was answered or has failed. */
  void answered(@Nullable AppendReply answer, @Nullable Throwable failure) {
    AppendReply whole = answer != null && answer.isComplete() ? answer : null;
    if (whole != null && batch.asked.onDisk()) {
      reply = whole; // decided when it is proven
    } else if (appender.ends(this)) {
      if (whole != null) {
        appender.complete(batch, whole, Proof.NONE);
      } else {
        appender.failed(
            this, failure == null ? new EventStoreException("incomplete reply") : failure);
      }
    }
  }

  /** Asks for the proof; the call was written before. */
  void prove(Barrier barrier) {
    barrier.prove(batch.asked, incarnation, (proof, failure) -> proven(barrier, proof, failure));
  }

  private void proven(Barrier barrier, @Nullable Proof proof, @Nullable Throwable failure) {
    AppendReply answer = reply;
    if (proof != null && answer != null && answer.foundOnly() && !touched) {
      if (appender.isUnderWay(this)) {
        touched = true;
        touch(barrier);
      }
    } else if (appender.ends(this)) {
      if (proof != null && answer != null) {
        appender.complete(batch, answer, proof);
      } else {
        appender.failed(this, failure == null ? new EventStoreException("no reply") : failure);
      }
    }
  }

  /** What was stored by another connection is proven by a write of this one behind it. */
  private void touch(Barrier barrier) {
    var unused =
        appender
            .touch(barrier)
            .whenComplete(
                (done, failure) -> {
                  if (failure == null) {
                    prove(barrier);
                  } else {
                    proven(barrier, null, failure);
                  }
                });
  }
}
