package dev.headwater.effect;

import dev.headwater.codec.EventCodec;
import dev.headwater.event.Metadata;
import dev.headwater.event.StreamId;
import dev.headwater.redis.testing.TwoUsersStore;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.Commit;
import dev.headwater.store.EventStore;
import dev.headwater.store.ExpectedVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;

/** A little domain whose events lead to mails, for tests. */
final class Orders {
  private Orders() {}

  sealed interface OrderEvent {}

  record Placed(String order, int number) implements OrderEvent {}

  record Noted(String order) implements OrderEvent {}

  static final EventCodec CODEC =
      EventCodec.builder()
          .event("Placed", 1, Placed.class)
          .event("Noted", 1, Noted.class)
          .complete(OrderEvent.class)
          .build();

  static final EffectSettings QUICK =
      EffectSettings.DEFAULT
          .withAttempts(3, Duration.ofMillis(5), Duration.ofMillis(20))
          .withAbandonedAfter(Duration.ofSeconds(2));

  /** Writes down each mail; fails where it is told to. */
  static class Mails implements Effect {
    final List<String> sent = new CopyOnWriteArrayList<>();
    final List<EffectId> ids = new CopyOnWriteArrayList<>();
    private final StartAt startAt;

    Mails(StartAt startAt) {
      this.startAt = startAt;
    }

    @Override
    public String name() {
      return "mails";
    }

    @Override
    public StartAt startAt() {
      return startAt;
    }

    @Override
    public void define(EffectHandlers on) {
      on.event(
          Placed.class,
          (event, recorded, id) -> {
            ids.add(id);
            send(event);
            sent.add(mail(event));
          });
    }

    void send(Placed event) throws Exception {}

    List<String> sentOf(String order) {
      return sent.stream().filter(mail -> mail.startsWith(order + ":")).toList();
    }
  }

  static String mail(Placed event) {
    return event.order() + ":" + event.number();
  }

  static StreamId stream(String order) {
    return new StreamId("Order", order);
  }

  static void append(EventStore store, String order, OrderEvent... events) {
    Commit commit =
        new Commit(
            UUID.randomUUID().toString(),
            stream(order),
            ExpectedVersion.any(),
            Metadata.at(Instant.parse("2026-01-01T00:00:00Z")),
            Arrays.stream(events).map(CODEC::encode).toList());
    if (!(store.appendAndWait(commit) instanceof Appended)) {
      throw new AssertionError(commit);
    }
  }

  static void place(EventStore store, String order, int from, int to) {
    for (int number = from; number <= to; number++) {
      append(store, order, new Placed(order, number));
    }
  }

  static EffectRunner runner(TwoUsersStore<?, ?> store, DataSource database, Effect effect) {
    return runner(store, database, effect, QUICK);
  }

  static EffectRunner runner(
      TwoUsersStore<?, ?> store, DataSource database, Effect effect, EffectSettings settings) {
    EffectRunner runner = new EffectRunner(store, CODEC, database, List.of(effect), settings);
    runner.start();
    return runner;
  }

  static void await(String what, BooleanSupplier holds) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not in time: " + what);
      }
      java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
    }
  }
}
