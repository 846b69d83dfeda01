package dev.headwater.benchmarks;

import dev.headwater.codec.EventCodec;
import dev.headwater.event.EventType;
import dev.headwater.event.NewEvent;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.Commit;
import dev.headwater.store.EventStore;
import dev.headwater.store.ExpectedVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What projections are measured with: events of 249 bytes that name one of 10,000 accounts. */
final class AccountEvents {
  /** Of an aggregate. */
  static final int PER_AGGREGATE = 5;

  private static final int ACCOUNTS = 10_000;
  private static final int BYTES = 249;
  private static final int UNDER_WAY = 2_000;
  private static final EventType TYPE = new EventType("OrderFilled", 1);

  static final EventCodec CODEC =
      EventCodec.builder().event(TYPE.name(), TYPE.revision(), Filled.class).build();

  private AccountEvents() {}

  /** An order was filled for an account. */
  record Filled(
      String account, String instrument, String side, long price, long quantity, String note) {}

  /** The same ones each time, in a random order of accounts. */
  static Filled event(RandomGenerator random) {
    String account = "ACC-%05d".formatted(random.nextInt(ACCOUNTS));
    long price = 100_000L + random.nextInt(10_000);
    int quantity = 1 + random.nextInt(900);
    Filled bare = new Filled(account, "NOVA", "BUY", price, quantity, "");
    int length = CODEC.encode(bare).data().length;
    return new Filled(account, "NOVA", "BUY", price, quantity, "x".repeat(BYTES - length));
  }

  /**
   * Stores events of new aggregates, each with {@link #PER_AGGREGATE}. Commits of single events are
   * stored with all aggregates in turn, so that the versions of one are as far apart as can be.
   */
  static void store(EventStore store, int events, int perCommit, RandomGenerator random) {
    List<CompletableFuture<?>> results = new ArrayList<>();
    int aggregates = Math.max(1, events / PER_AGGREGATE);
    var streams = Stream.generate(Samples::newOrder).limit(aggregates).toList();
    int stored = 0;
    for (int version = 0; stored < events; version += perCommit) {
      for (int i = 0; i < aggregates && stored < events; i++, stored += perCommit) {
        Commit commit =
            new Commit(
                Samples.newId(),
                streams.get(i),
                ExpectedVersion.exactly(version),
                Samples.metadata(),
                newEvents(perCommit, random));
        results.add(store.append(commit).thenAccept(AccountEvents::check));
        if (results.size() == UNDER_WAY) {
          results.forEach(CompletableFuture::join);
          results.clear();
        }
      }
    }
    results.forEach(CompletableFuture::join);
  }

  private static List<NewEvent> newEvents(int count, RandomGenerator random) {
    return IntStream.range(0, count).mapToObj(i -> CODEC.encode(event(random))).toList();
  }

  private static void check(Object result) {
    if (!(result instanceof Appended)) {
      throw new IllegalStateException("nobody else writes, but " + result);
    }
  }
}
