package dev.headwater.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * The consumer group of a subscription, one in each partition. Its own memory is not trusted: it is
 * set to what was fetched.
 */
final class SubscribedGroup {
  private final String name;
  private final List<PartitionCursor> cursors;
  private final ReadPatience patience;

  SubscribedGroup(String name, List<PartitionCursor> cursors, ReadPatience patience) {
    this.name = name;
    this.cursors = cursors;
    this.patience = patience;
  }

  /** Makes it where it is not there, and sets it to what was fetched where it is. */
  void create(SubscriptionConnections open) throws InterruptedException, ExecutionException {
    List<CompletableFuture<String>> created = new ArrayList<>();
    for (PartitionCursor cursor : cursors) {
      created.add(open.createGroup(cursor.partition(), name, cursor.fetchedId()));
    }
    open.flush();
    for (int i = 0; i < cursors.size(); i++) {
      try {
        patience.await(created.get(i));
        cursors.get(i).groupIsAt(cursors.get(i).fetchedId());
      } catch (ExecutionException e) {
        if (!String.valueOf(Failure.unwrap(e).getMessage()).contains("BUSYGROUP")) {
          throw e;
        }
      }
    }
    set(open);
  }

  /** Sets it to what was fetched, where it is not. */
  void set(SubscriptionConnections open) throws InterruptedException, ExecutionException {
    List<CompletableFuture<String>> set = new ArrayList<>();
    for (PartitionCursor cursor : cursors) {
      if (!cursor.group().equals(cursor.fetchedId())) {
        set.add(open.setGroup(cursor.partition(), name, cursor.fetchedId()));
        cursor.groupIsAt(cursor.fetchedId());
      }
    }
    open.flush();
    for (CompletableFuture<String> done : set) {
      patience.await(done);
    }
  }
}
