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
    long price = 100_000 + random.nextInt(10_000);
    int quantity = 1 + random.nextInt(900);
    Filled bare = new Filled(account, "NOVA", "BUY", price, quantity, "");
    int length = CODEC.encode(bare).data().length;
    return new Filled(account, "NOVA", "BUY", price, quantity, "x".repeat(BYTES - length));
  }

  /**
   * Stores events of new aggregates, each with {@link #PER_AGGREGATE}. Commits of single events are
   * stored in turn over many aggregates, so that no two versions of one are adjacent in a log.
   */
  static void store(EventStore store, int events, int perCommit, RandomGenerator random) {
    List<CompletableFuture<?>> results = new ArrayList<>();
    for (int stored = 0; stored < events; ) {
      var streams = Stream.generate(Samples::newOrder).limit(UNDER_WAY).toList();
      for (int version = 0; version < PER_AGGREGATE; version += perCommit) {
        for (int i = 0; i < streams.size() && stored < events; i++, stored += perCommit) {
          Commit commit =
              new Commit(
                  Samples.newId(),
                  streams.get(i),
                  ExpectedVersion.exactly(version),
                  Samples.metadata(),
                  newEvents(perCommit, random));
          results.add(store.append(commit).thenAccept(AccountEvents::check));
        }
        results.forEach(CompletableFuture::join);
        results.clear();
      }
    }
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
