package dev.headwater.redis.faults;

import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.CommandOutcome;
import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.aggregate.CommandOutcome.AlreadyHandled;
import dev.headwater.aggregate.Decider;
import dev.headwater.aggregate.RuntimeOptions;
import dev.headwater.codec.EventCodec;
import dev.headwater.event.Metadata;
import dev.headwater.store.EventStore;
import dev.headwater.store.EventStoreException;
import dev.headwater.store.StoreWentBackException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Sends commands to hot aggregates, several at a time without waiting, and tells the ledger each
 * answer. What fails is sent again under its id.
 */
final class Commander implements Workload.Part {
  /** One step up. */
  record Stepped() {}

  private static final class Counter implements Decider<Integer, Integer, Stepped> {
    @Override
    public Integer initial() {
      return 0;
    }

    @Override
    public List<Stepped> decide(Integer steps, Integer height) {
      return Collections.nCopies(steps, new Stepped());
    }

    @Override
    public Integer evolve(Integer height, Stepped event) {
      return height + 1;
    }
  }

  private record Sent(String id, int steps, CompletableFuture<CommandOutcome<Stepped>> outcome) {}

  private final String name;
  private final Ledger ledger;
  private final List<String> aggregates;
  private final boolean mayLose;
  private final EventStore store;
  private AggregateRuntime<Integer, Integer, Stepped> counters;
  private long number;

  /**
   * Commands aggregates, which others may command as well.
   *
   * @param name begins its commands' ids, so nobody else may ever have it
   * @param mayLose whether it is in order that the store forgets what it has acknowledged
   */
  Commander(
      String name, EventStore store, Ledger ledger, List<String> aggregates, boolean mayLose) {
    this.name = name;
    this.ledger = ledger;
    this.aggregates = aggregates;
    this.mayLose = mayLose;
    this.store = store;
    this.counters = open();
  }

  private AggregateRuntime<Integer, Integer, Stepped> open() {
    return AggregateRuntime.create(
        "Counter",
        new Counter(),
        Stepped.class,
        EventCodec.builder().event("Stepped", 1, Stepped.class).build(),
        store,
        RuntimeOptions.DEFAULT);
  }

  @Override
  public void step(Random random) {
    String aggregate = aggregates.get(random.nextInt(aggregates.size()));
    List<Sent> sent = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int steps = 1 + random.nextInt(2);
      sent.add(send(aggregate, Writer.commitId(name, ++number, steps), steps));
    }
    while (!sent.isEmpty()) {
      List<Sent> failed = sent.stream().filter(command -> !isDecided(command)).toList();
      if (!failed.isEmpty()) {
        Workload.pause(20);
        if (mayLose) {
          counters =
              open(); // what it knows of aggregates may be lost, and it stops writing to those
        }
      }
      sent = failed.stream().map(again -> send(aggregate, again.id, again.steps)).toList();
    }
  }

  private Sent send(String aggregate, String id, int steps) {
    return new Sent(id, steps, counters.handle(aggregate, id, Metadata.atMicros(number), steps));
  }

  private boolean isDecided(Sent command) {
    try {
      switch (command.outcome.join()) {
        case Accepted(var receipt, var events) -> ledger.stored(command.id, receipt);
        case AlreadyHandled<Stepped> before ->
            ledger.stored(
                command.id,
                before.stream(),
                before.firstVersion(),
                before.firstVersion() + command.steps - 1,
                0);
        case CommandOutcome<Stepped> other -> throw new AssertionError(other);
      }
      return true;
    } catch (CompletionException e) {
      boolean lost = e.getCause() instanceof StoreWentBackException;
      if (e.getCause() instanceof EventStoreException && (mayLose || !lost)) {
        return false;
      }
      throw e;
    }
  }
}
