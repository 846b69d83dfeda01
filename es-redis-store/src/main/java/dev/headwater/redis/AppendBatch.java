package dev.headwater.redis;

import dev.headwater.store.Durability;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Commits of one partition that go to the server together, as often as it takes. */
final class AppendBatch {
  /** Bounds for how long one script call blocks the server. One commit may exceed them alone. */
  private static final int MAX_EVENTS = 500;

  private static final int MAX_BYTES = 1 << 20;

  /** When sent again, a commit that expects any version is looked for among that many events. */
  private static final int LOOK_BACK = 1_000;

  final List<PendingCommit> commits;
  final long since;

  /** The strongest level of durability that one of the commits asks for. */
  final Durability asked;

  /** Whether the server may have executed an earlier attempt. */
  boolean maybeExecuted;

  /** The round that it is counted in, until its call has ended. */
  @Nullable CallRound round;

  /** The node that the next attempt is for, where it isn't the partition's. */
  volatile @Nullable Node redirect;

  /** How often it was sent. */
  int attempts;

  int backoffs;

  private AppendBatch(List<PendingCommit> commits) {
    this.commits = commits;
    this.since = commits.getFirst().since;
    Durability strongest = Durability.memory();
    for (PendingCommit commit : commits) {
      if (commit.asked.compareTo(strongest) > 0) {
        strongest = commit.asked;
      }
    }
    this.asked = strongest;
  }

  /** Takes as many commits off the queue as may go together, at least one. */
  static AppendBatch take(ArrayDeque<PendingCommit> queue) {
    List<PendingCommit> commits = new ArrayList<>(Math.min(queue.size(), 64));
    int events = 0;
    long bytes = 0;
    Set<String> ids = new HashSet<>();
    for (PendingCommit next = queue.peek(); next != null; next = queue.peek()) {
      events += next.commit.events().size();
      bytes += next.bytes;
      // A repeated id waits until the first one's fate can be looked up.
      if (!ids.add(next.commit.id())
          || (!commits.isEmpty() && (events > MAX_EVENTS || bytes > MAX_BYTES))) {
        break;
      }
      commits.add(queue.remove());
    }
    return new AppendBatch(commits);
  }

  CommandArgs<byte[], byte[]> arguments(byte[] script, Keys keys, int partition, String epoch) {
    CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE);
    args.add(script).add(4 + commits.size());
    args.add(keys.log(partition)).add(keys.head(partition));
    args.add(keys.ids(partition)).add(keys.idsBefore(partition));
    for (PendingCommit commit : commits) {
      args.add(commit.key);
    }
    args.add(epoch).add(attempts > 1 ? LOOK_BACK : 1);
    for (PendingCommit commit : commits) {
      args.add(commit.id());
    }
    for (PendingCommit commit : commits) {
      commit.addTo(args);
    }
    return args;
  }
}
