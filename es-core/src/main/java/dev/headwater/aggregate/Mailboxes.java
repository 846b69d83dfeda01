package dev.headwater.aggregate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The mailboxes of a runtime: one an aggregate as long as it has commands, whatever the cache of
 * idle ones throws out, so that the order of an aggregate's commands never depends on the cache.
 */
final class Mailboxes<C, S, E> {
  private final Mailbox.Shared<C, S, E> shared;
  private final Cache<String, Mailbox<C, S, E>> cache;
  private final ConcurrentHashMap<String, Mailbox<C, S, E>> busy = new ConcurrentHashMap<>();

  Mailboxes(Mailbox.Shared<C, S, E> shared) {
    this.shared = shared;
    this.cache =
        Caffeine.newBuilder()
            .maximumSize(shared.options().cachedAggregates())
            .executor(Runnable::run)
            .build();
  }

  /** The mailbox of an aggregate, kept until {@link #close} was called as often. */
  Mailbox<C, S, E> open(String aggregateId) {
    return busy.compute(
        aggregateId,
        (id, known) -> {
          Mailbox<C, S, E> mailbox =
              known != null ? known : cache.get(id, newId -> new Mailbox<>(newId, shared));
          mailbox.users++;
          return mailbox;
        });
  }

  void close(String aggregateId) {
    busy.computeIfPresent(aggregateId, (id, mailbox) -> --mailbox.users == 0 ? null : mailbox);
  }
}
