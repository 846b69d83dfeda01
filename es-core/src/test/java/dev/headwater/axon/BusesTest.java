package dev.headwater.axon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.CommandOutcome;
import dev.headwater.aggregate.Decider;
import dev.headwater.aggregate.Rejection;
import dev.headwater.aggregate.RuntimeOptions;
import dev.headwater.codec.EventCodec;
import dev.headwater.event.Metadata;
import dev.headwater.event.StreamId;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.store.ReadStream.Direction;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.axonframework.messaging.commandhandling.CommandBus;
import org.axonframework.messaging.commandhandling.GenericCommandMessage;
import org.axonframework.messaging.commandhandling.NoHandlerForCommandException;
import org.axonframework.messaging.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.core.GenericMessage;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.queryhandling.GenericQueryMessage;
import org.axonframework.messaging.queryhandling.GenericSubscriptionQueryUpdateMessage;
import org.axonframework.messaging.queryhandling.QueryBus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BusesTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  sealed interface CounterCommand permits Add, Reset {}

  record Add(int amount) implements CounterCommand {}

  record Reset() implements CounterCommand {}

  record Added(int amount) {}

  record TotalOf(String counter) {}

  record Total(int value) {}

  private static final class Counters implements Decider<CounterCommand, Integer, Added> {
    @Override
    public Integer initial() {
      return 0;
    }

    @Override
    public List<Added> decide(CounterCommand command, Integer total) {
      return switch (command) {
        case Add add when add.amount() < 0 ->
            throw new Rejection("NEGATIVE", "can't add " + add.amount());
        case Add add -> List.of(new Added(add.amount()));
        case Reset reset -> total == 0 ? List.of() : List.of(new Added(-total));
      };
    }

    @Override
    public Integer evolve(Integer total, Added event) {
      return total + event.amount();
    }
  }

  private final InMemoryEventStore store = new InMemoryEventStore();
  private final CommandBus bus = Buses.commandBus();
  private final CommandGateway gateway = Buses.commandGateway(bus);

  @BeforeEach
  void subscribe() {
    EventCodec codec = EventCodec.builder().event("Added", 1, Added.class).build();
    AggregateRuntime<CounterCommand, Integer, Added> runtime =
        AggregateRuntime.create(
            "Counter", new Counters(), Added.class, codec, store, RuntimeOptions.DEFAULT);
    AggregateCommands.subscribe(
        bus, CounterCommand.class, runtime, Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private CommandOutcome<?> send(String id, Metadata metadata, CounterCommand command) {
    return gateway.sendAndWait(
        CommandMessages.of("c1", id, metadata, command), CommandOutcome.class);
  }

  @Nested
  class Commands {
    @Test
    void a_command_reaches_its_aggregate_and_the_outcome_comes_back() {
      CommandOutcome<?> outcome = send("cmd-1", Metadata.at(NOW), new Add(5));

      if (!(outcome instanceof CommandOutcome.Accepted<?> accepted)) {
        throw new AssertionError(outcome);
      }
      assertThat(accepted.events()).hasToString("[Added[amount=5]]");
      assertThat(accepted.receipt().stream()).isEqualTo(new StreamId("Counter", "c1"));
    }

    @Test
    void a_rejection_is_an_outcome() {
      assertThat(send("cmd-1", Metadata.at(NOW), new Add(-1)))
          .isEqualTo(new CommandOutcome.Rejected<>("NEGATIVE", "can't add -1"));
    }

    @Test
    void every_record_of_the_sealed_interface_is_handled() {
      send("cmd-1", Metadata.at(NOW), new Add(5));
      assertThat(send("cmd-2", Metadata.at(NOW), new Reset()))
          .isInstanceOf(CommandOutcome.Accepted.class);
      assertThat(send("cmd-3", Metadata.at(NOW), new Reset()))
          .isEqualTo(new CommandOutcome.Unchanged<>(new StreamId("Counter", "c1"), 2));
    }

    @Test
    void the_metadata_of_the_message_is_stored_and_its_identifier_is_the_commit_id() {
      Metadata metadata =
          new Metadata(
              7_000_001,
              "cor",
              "cau",
              "anna",
              "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

      send("cmd-1", metadata, new Add(5));

      assertThat(store.read(new StreamId("Counter", "c1"), 1, Direction.FORWARD, 10))
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.commitId()).isEqualTo("cmd-1");
                assertThat(event.metadata()).isEqualTo(metadata);
              });
    }

    @Test
    void a_message_without_a_time_gets_the_clocks() {
      gateway.sendAndWait(
          new GenericCommandMessage(
              new GenericMessage(new MessageType(Add.class.getName()), new Add(1)), "c1", null));

      assertThat(
              store
                  .read(new StreamId("Counter", "c1"), 1, Direction.FORWARD, 1)
                  .getFirst()
                  .metadata()
                  .time())
          .isEqualTo(NOW);
    }

    @Test
    void the_same_command_twice_is_handled_once() {
      send("cmd-1", Metadata.at(NOW), new Add(5));

      assertThat(send("cmd-1", Metadata.at(NOW), new Add(5)))
          .isEqualTo(new CommandOutcome.AlreadyHandled<>(new StreamId("Counter", "c1"), 1));
    }

    @Test
    void an_unknown_command_is_named_in_the_error() {
      assertThatThrownBy(() -> gateway.sendAndWait(new Total(1)))
          .isInstanceOf(NoHandlerForCommandException.class)
          .hasMessageContaining(Total.class.getName());
    }

    @Test
    void a_time_that_is_no_number_is_named_in_the_error() {
      GenericMessage message =
          new GenericMessage(
              "cmd-9",
              new MessageType(Add.class.getName()),
              new Add(1),
              Map.of("occurredAt", "yesterday"));

      assertThatThrownBy(() -> gateway.sendAndWait(new GenericCommandMessage(message, "c1", null)))
          .hasStackTraceContaining("occurredAt='yesterday'");
    }
  }

  @Nested
  class QueriesOnTheBus {
    private final QueryBus queries = Buses.queryBus();

    @BeforeEach
    void subscribe() {
      Queries.subscribe(
          queries, TotalOf.class, query -> List.of(new Total(query.counter().length())));
    }

    @Test
    void a_query_is_answered() {
      assertThat(Buses.queryGateway(queries).query(new TotalOf("abc"), Total.class).join())
          .isEqualTo(new Total(3));
    }

    @Test
    void a_subscription_query_gets_the_answer_and_then_updates() throws Exception {
      List<Object> seen = new ArrayList<>();
      var query =
          new GenericQueryMessage(
              new GenericMessage(new MessageType(TotalOf.class.getName()), new TotalOf("abc")));
      var results = queries.subscriptionQuery(query, null, 16);
      queries
          .emitUpdate(
              message -> true,
              () ->
                  new GenericSubscriptionQueryUpdateMessage(
                      new MessageType(Total.class.getName()), new Total(4), Total.class),
              null)
          .get(5, TimeUnit.SECONDS);
      for (var next = results.next(); next.isPresent(); next = results.next()) {
        seen.add(next.get().message().payload());
      }

      assertThat(seen).containsExactly(new Total(3), new Total(4));
    }
  }
}
