package dev.headwater.benchmarks;

import dev.headwater.event.StreamId;
import dev.headwater.store.AppendResult;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.Commit;
import dev.headwater.store.EventStore;
import io.lettuce.core.RedisClient;
import io.lettuce.core.XAddArgs;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Puts events into a store before something is measured. */
final class Fill {
  /** Events. */
  private static final int UNDER_WAY = 1_000;

  private Fill() {}

  /** The streams {@code Order:000000000000} and so on. */
  static StreamId stream(int number) {
    return new StreamId("Order", "%012d".formatted(number));
  }

  /** The raw stream of that number; a key as long as one of the store with a UUID. */
  static String rawKey(String number) {
    return "benchmark:{0}:s:Order:00000000-0000-4000-8000-" + number;
  }

  /** Events with this payload, {@code atOnce} of them in a commit, all streams in turn. */
  static void store(
      EventStore store, List<StreamId> streams, int events, int atOnce, byte[] payload) {
    List<CompletableFuture<Void>> results = new ArrayList<>();
    int underWay = Math.max(1, UNDER_WAY / atOnce);
    for (int version = 0; version < events; version += atOnce) {
      int count = Math.min(atOnce, events - version);
      for (StreamId stream : streams) {
        Commit commit = Samples.commit(Samples.newId(), stream, version, count, payload);
        results.add(store.append(commit).thenAccept(result -> check(commit, result)));
        if (results.size() >= underWay) {
          joinAll(results);
        }
      }
    }
    joinAll(results);
  }

  private static void check(Commit commit, AppendResult result) {
    if (!(result instanceof Appended)) {
      throw new IllegalStateException(commit.stream() + " has another writer: " + result);
    }
  }

  /** The same entries in the aggregates' streams and nothing else. */
  static void raw(Bench bench, int streams, int events, int atOnce, byte[] payload) {
    try (RedisClient client = RedisClient.create(bench.server.uri());
        var connection = client.connect()) {
      List<CompletableFuture<Void>> results = new ArrayList<>();
      for (int first = 1; first <= events; first += atOnce) {
        for (int i = 0; i < streams; i++) {
          String key = rawKey("%012d".formatted(i));
          for (int version = first; version < first + atOnce && version <= events; version++) {
            results.add(
                connection
                    .async()
                    .xadd(
                        key,
                        new XAddArgs().id(version + "-0"),
                        Samples.rawEvent(Samples.newId(), payload))
                    .thenAccept(id -> {})
                    .toCompletableFuture());
          }
          if (results.size() >= UNDER_WAY) {
            joinAll(results);
          }
        }
      }
      joinAll(results);
    }
  }

  private static void joinAll(List<CompletableFuture<Void>> results) {
    results.forEach(CompletableFuture::join);
    results.clear();
  }
}
