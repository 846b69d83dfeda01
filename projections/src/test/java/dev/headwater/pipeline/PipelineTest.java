package dev.headwater.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.codec.EventCodec;
import dev.headwater.effect.DeadLetters;
import dev.headwater.effect.EffectId;
import dev.headwater.effect.EffectRunner;
import dev.headwater.effect.EffectSettings;
import dev.headwater.effect.EffectSite;
import dev.headwater.effect.EffectTest;
import dev.headwater.effect.StartAt;
import dev.headwater.event.Metadata;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.redis.testing.TwoUsersStore;
import dev.headwater.store.AppendOutcomeUnknownException;
import dev.headwater.store.AppendResult;
import dev.headwater.store.AppendToStream;
import dev.headwater.store.Commit;
import dev.headwater.store.Durability;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.ReadStream.Direction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

@EffectTest
class PipelineTest {
  record Sold(String shop, int number) {}

  record Heard(int number) {}

  record Loud(int number) {}

  private static final EventCodec CODEC =
      EventCodec.builder()
          .event("Sold", 1, Sold.class)
          .event("Heard", 1, Heard.class)
          .event("Loud", 1, Loud.class)
          .build();
  private static final EffectSettings QUICK =
      EffectSettings.DEFAULT.withAttempts(3, Duration.ofMillis(5), Duration.ofMillis(10));
  private static final StreamId NEWS = new StreamId("News", "all");
  private static final Metadata MONDAY =
      Metadata.at(Instant.parse("2026-03-02T10:00:00Z")).withActor("anna");

  @Parameter private EffectSite site;
  private TwoUsersStore<?, ?> store;
  private HikariDataSource database;

  @BeforeEach
  void open() {
    store = site.openStore();
    database = site.openDatabase();
  }

  @AfterEach
  void close() {
    database.close();
    store.close();
  }

  private static StreamId shop(String name) {
    return new StreamId("Shop", name);
  }

  private void sell(String shop, int from, int to) {
    sell(store, shop, from, to);
  }

  private static void sell(AppendToStream store, String shop, int from, int to) {
    for (int number = from; number <= to; number++) {
      store.appendAndWait(
          new Commit(
              shop + number,
              shop(shop),
              ExpectedVersion.any(),
              MONDAY,
              List.of(CODEC.encode(new Sold(shop, number)))));
    }
  }

  private static <E> Pipeline<E> news(Flow<E, Outgoing> flow, AppendToStream target) {
    return new Pipeline<>("news", StartAt.beginning(), flow, target, CODEC);
  }

  private List<Object> stored(StreamId stream) {
    return store.read(stream, 1, Direction.FORWARD, 1_000).stream().map(CODEC::decode).toList();
  }

  private EffectRunner run(Pipeline<?> pipeline) {
    EffectRunner runner = new EffectRunner(store, CODEC, database, List.of(pipeline), QUICK);
    runner.start();
    return runner;
  }

  private static void await(BooleanSupplier holds) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
      LockSupport.parkNanos(2_000_000);
    }
  }

  /** Stores each commit, and loses the first answer: the worst that can befall an append. */
  private static final class Forgetful implements AppendToStream {
    final Set<String> lost = ConcurrentHashMap.newKeySet();
    private final AppendToStream store;

    Forgetful(AppendToStream store) {
      this.store = store;
    }

    @Override
    public CompletableFuture<AppendResult> append(Commit commit, Durability durability) {
      CompletableFuture<AppendResult> result = store.append(commit, durability);
      return lost.add(commit.id())
          ? CompletableFuture.failedFuture(
              new AppendOutcomeUnknownException(commit.id(), commit.stream(), "no answer", null))
          : result;
    }
  }

  @Nested
  class Events {
    @Test
    void are_filtered_transformed_and_divided_on_their_way() {
      sell("a", 1, 4);
      Flow<Sold, Outgoing> flow =
          Flow.of(Sold.class)
              .filter(sold -> sold.number() % 2 == 0)
              .filter((sold, recorded) -> recorded.version() > 2)
              .map(sold -> new Heard(sold.number()))
              .flatMap((heard, recorded) -> List.of(heard, new Loud(heard.number())))
              .to((event, recorded) -> new StreamId("News", event.getClass().getSimpleName()));
      StreamId loud = new StreamId("News", "Loud");
      try (EffectRunner running = run(news(flow, store))) {
        await(() -> !stored(loud).isEmpty());
        assertThat(running.status()).hasSize(1);
      }
      assertThat(stored(new StreamId("News", "Heard"))).containsExactly(new Heard(4));
      assertThat(stored(loud)).containsExactly(new Loud(4));
    }

    @Test
    void keep_time_and_actor_and_name_their_cause() {
      sell("a", 1, 1);
      try (EffectRunner running =
          run(news(Flow.of(Sold.class).map(s -> new Heard(s.number())).to(NEWS), store))) {
        await(() -> !stored(NEWS).isEmpty());
        assertThat(running.status()).hasSize(1);
      }
      RecordedEvent heard = store.read(NEWS, 1, Direction.FORWARD, 1).getFirst();
      assertThat(heard.commitId()).isEqualTo(new EffectId("news", shop("a"), 1, 0).toString());
      assertThat(heard.metadata()).isEqualTo(MONDAY.withCause("a1", "a1"));
    }

    @Test
    void of_a_stream_are_in_its_order_and_there_once_though_each_was_forwarded_twice() {
      for (int number = 1; number <= 20; number++) {
        sell("a", number, number);
        sell("b", number, number);
      }
      Forgetful forgetful = new Forgetful(store);
      Flow<Sold, Outgoing> flow =
          Flow.of(Sold.class)
              .map(sold -> new Heard(sold.number() + ("a".equals(sold.shop()) ? 0 : 100)))
              .to(NEWS);
      try (EffectRunner running = run(news(flow, forgetful))) {
        await(() -> stored(NEWS).contains(new Heard(20)) && stored(NEWS).contains(new Heard(120)));
        await(() -> forgetful.lost.size() == 40);
        assertThat(running.status()).hasSize(1);
      }
      List<Integer> numbers = stored(NEWS).stream().map(event -> ((Heard) event).number()).toList();
      assertThat(numbers).hasSize(40);
      assertThat(numbers.stream().filter(n -> n <= 100))
          .containsExactlyElementsOf(IntStream.rangeClosed(1, 20).boxed().toList());
      assertThat(numbers.stream().filter(n -> n > 100))
          .containsExactlyElementsOf(IntStream.rangeClosed(101, 120).boxed().toList());
    }

    @Test
    void are_there_once_though_a_pipeline_begins_again() {
      Flow<Sold, Outgoing> flow = Flow.of(Sold.class).map(s -> new Heard(s.number())).to(NEWS);
      sell("a", 1, 5);
      try (EffectRunner running = run(news(flow, store))) {
        await(() -> stored(NEWS).size() == 5);
        assertThat(running.status()).hasSize(1);
      }
      try (TwoUsersStore<?, ?> restored = site.openStore(); // which knows no consumer group
          HikariDataSource empty = site.openDatabase()) {
        sell(restored, "a", 1, 6);
        try (EffectRunner again =
            new EffectRunner(restored, CODEC, empty, List.of(news(flow, store)), QUICK)) {
          again.start();
          await(() -> stored(NEWS).contains(new Heard(6)));
        }
      }
      assertThat(stored(NEWS)).hasSize(6);
    }
  }

  @Nested
  class A_pipeline {
    @Test
    void that_would_read_what_it_writes_is_refused() {
      sell("a", 1, 1);
      Pipeline<Sold> echo = news(Flow.of(Sold.class).to(NEWS), store);
      DeadLetters letters = new DeadLetters(echo, store, CODEC, database);
      try (EffectRunner running = run(echo)) {
        await(() -> !letters.list().isEmpty());
        assertThat(running.status()).hasSize(1);
      }
      assertThat(letters.list().getFirst().error()).contains("would forward its own events");
      assertThat(stored(NEWS)).isEmpty();
    }
  }
}
