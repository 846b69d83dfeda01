package dev.headwater.aggregate;

import dev.headwater.store.OverloadedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The mailboxes of a runtime: one an aggregate as long as it has commands, and those that were used
 * last. Bounds how many commands wait. Thread-safe.
 */
final class Mailboxes<C, S, E> {
  /** Callers rarely meet in one. */
  private static final int SEGMENTS = 16;

  /**
   * A tenth of the places is for aggregates that were used once: of many such ones most go before
   * the garbage collector has moved them about, and the others keep their places.
   */
  private static final int NEWCOMERS = 10;

  private final AggregateType<C, S, E> type;
  private final Answers<C, S, E> answers = new Answers<>(this::answered);
  private final RepeatedCommands<C, S, E> repeated;
  private final List<Segment> segments = new ArrayList<>();
  private final AtomicInteger unanswered = new AtomicInteger();

  Mailboxes(AggregateType<C, S, E> type) {
    this.type = type;
    this.repeated = new RepeatedCommands<>(type, answers);
    int cached = type.options().cachedAggregates();
    int count = Math.min(SEGMENTS, cached);
    for (int i = 0; i < count; i++) {
      segments.add(new Segment(cached / count));
    }
  }

  /**
   * The mailbox of an aggregate, for one command more, until that is answered.
   *
   * @throws OverloadedException if too many wait
   */
  Mailbox<C, S, E> open(String aggregateId) {
    int most = type.options().maxUnanswered();
    if (unanswered.incrementAndGet() > most) {
      unanswered.decrementAndGet();
      throw overloaded("aggregates of type " + type.history().type(), most, "maxUnanswered");
    }
    try {
      return segment(aggregateId).open(aggregateId);
    } catch (RuntimeException e) {
      unanswered.decrementAndGet();
      throw e;
    }
  }

  /** A command that a mailbox was opened for has its answer. */
  void answered(Mailbox<C, S, E> mailbox) {
    segment(mailbox.aggregateId).close(mailbox);
    unanswered.decrementAndGet();
  }

  private Segment segment(String aggregateId) {
    int hash = aggregateId.hashCode();
    return segments.get(Math.floorMod(hash ^ (hash >>> 16), segments.size()));
  }

  private static OverloadedException overloaded(String where, int most, String option) {
    return new OverloadedException(
        most
            + " commands to "
            + where
            + " already wait for their answers, which is as many as may: send it again when some"
            + " have been answered, or raise "
            + option
            + " of RuntimeOptions");
  }

  private final class Segment {
    private final int cached;
    private final Map<String, Mailbox<C, S, E>> busy = new HashMap<>();

    /** Idle ones that were used once, and those that were used again; the latest used is last. */
    private final SequencedMap<String, Mailbox<C, S, E>> newcomers = new LinkedHashMap<>();

    private final SequencedMap<String, Mailbox<C, S, E>> regulars = new LinkedHashMap<>();

    Segment(int cached) {
      this.cached = cached;
    }

    synchronized Mailbox<C, S, E> open(String id) {
      Mailbox<C, S, E> mailbox = busy.get(id);
      if (mailbox == null) {
        mailbox = idle(id);
        if (mailbox == null) {
          mailbox = new Mailbox<>(id, type, answers, repeated);
        }
        busy.put(id, mailbox);
      }
      int most = type.options().maxUnansweredPerAggregate();
      if (mailbox.unanswered == most) {
        throw overloaded(type.history().type() + ":" + id, most, "maxUnansweredPerAggregate");
      }
      mailbox.unanswered++;
      return mailbox;
    }

    private @Nullable Mailbox<C, S, E> idle(String id) {
      Mailbox<C, S, E> mailbox = newcomers.remove(id);
      if (mailbox == null) {
        return regulars.remove(id);
      }
      mailbox.isRegular = true;
      return mailbox;
    }

    synchronized void close(Mailbox<C, S, E> mailbox) {
      if (--mailbox.unanswered == 0) {
        busy.remove(mailbox.aggregateId);
        (mailbox.isRegular ? regulars : newcomers).put(mailbox.aggregateId, mailbox);
        boolean crowded = newcomers.size() > Math.max(1, cached / NEWCOMERS);
        if (crowded || newcomers.size() + regulars.size() > cached) {
          (crowded || regulars.isEmpty() ? newcomers : regulars).pollFirstEntry();
        }
      }
    }
  }
}
