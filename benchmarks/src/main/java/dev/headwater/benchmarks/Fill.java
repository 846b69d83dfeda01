package dev.headwater.benchmarks;

import dev.headwater.event.StreamId;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.EventStore;
import io.lettuce.core.RedisClient;
import io.lettuce.core.XAddArgs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Puts events into a store before something is measured: one a commit, all streams in turn. */
final class Fill {
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

  static void store(EventStore store, List<StreamId> streams, int events, byte[] payload) {
    List<CompletableFuture<Void>> results = new ArrayList<>();
    for (int version = 0; version < events; version++) {
      for (StreamId stream : streams) {
        results.add(
            store
                .append(Samples.commit(Samples.newId(), stream, version, payload))
                .thenAccept(
                    result -> {
                      if (!(result instanceof Appended)) {
                        throw new IllegalStateException(stream + " is not new: " + result);
                      }
                    }));
        if (results.size() == UNDER_WAY) {
          joinAll(results);
        }
      }
    }
    joinAll(results);
  }

  /** The same entries in the aggregates' streams and nothing else. */
  static void raw(Bench bench, int streams, int events, byte[] payload) {
    try (RedisClient client = RedisClient.create(bench.server.uri());
        var connection = client.connect()) {
      List<CompletableFuture<Void>> results = new ArrayList<>();
      for (int version = 1; version <= events; version++) {
        for (int i = 0; i < streams; i++) {
          Map<String, String> fields = Samples.rawEvent(Samples.newId(), payload);
          results.add(
              connection
                  .async()
                  .xadd(rawKey("%012d".formatted(i)), new XAddArgs().id(version + "-0"), fields)
                  .thenAccept(id -> {})
                  .toCompletableFuture());
          if (results.size() == UNDER_WAY) {
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
