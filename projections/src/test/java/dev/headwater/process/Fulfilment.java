package dev.headwater.process;

import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.Decider;
import dev.headwater.aggregate.Rejection;
import dev.headwater.aggregate.RuntimeOptions;
import dev.headwater.codec.EventCodec;
import dev.headwater.codec.StateCodec;
import dev.headwater.effect.StartAt;
import dev.headwater.event.StreamId;
import dev.headwater.process.Fulfilment.OrderEvent;
import dev.headwater.process.Fulfilment.Progress;
import dev.headwater.process.Fulfilment.StockCommand;
import dev.headwater.store.AppendToStream;
import dev.headwater.store.ReadStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A process for tests: stock is reserved for an order, which is shipped when it is paid in time.
 */
final class Fulfilment implements ProcessDefinition<OrderEvent, Progress, StockCommand> {
  static final Duration PATIENCE = Duration.ofMinutes(30);

  /** Orders and their payments are streams of their own. */
  sealed interface OrderEvent {
    String order();
  }

  record Placed(String order) implements OrderEvent {}

  record Paid(String order, int amount) implements OrderEvent {}

  /** Commands to the stock of an order, and what it makes of them. */
  sealed interface StockCommand {}

  record Reserve(int pieces) implements StockCommand {}

  record Ship() implements StockCommand {}

  record Release(String why) implements StockCommand {}

  sealed interface StockEvent {}

  record Reserved(int pieces) implements StockEvent {}

  record Shipped() implements StockEvent {}

  record Released(String why) implements StockEvent {}

  /** State of an instance: which order, and how much was paid. */
  record Progress(String order, int paid) {}

  static final EventCodec EVENTS =
      EventCodec.builder()
          .event("OrderPlaced", 1, Placed.class)
          .event("OrderPaid", 1, Paid.class)
          .event("StockReserved", 1, Reserved.class)
          .event("StockShipped", 1, Shipped.class)
          .event("StockReleased", 1, Released.class)
          .complete(OrderEvent.class)
          .complete(StockEvent.class)
          .build();

  static final EventCodec COMMANDS =
      EventCodec.builder()
          .event("Reserve", 1, Reserve.class)
          .event("Ship", 1, Ship.class)
          .event("Release", 1, Release.class)
          .complete(StockCommand.class)
          .build();

  static ProcessParts<OrderEvent, Progress, StockCommand> parts(SendCommand<StockCommand> sender) {
    return new ProcessParts<>(
        new Fulfilment(), StateCodec.json("progress", 1, Progress.class), COMMANDS, sender);
  }

  @Override
  public String name() {
    return "fulfilment";
  }

  @Override
  public StartAt startAt() {
    return StartAt.beginning();
  }

  @Override
  public List<Class<? extends OrderEvent>> events() {
    return List.of(OrderEvent.class);
  }

  @Override
  public Optional<String> instanceOf(OrderEvent event, StreamId stream) {
    return Optional.of(event.order());
  }

  @Override
  public Progress initial(String order) {
    return new Progress(order, 0);
  }

  @Override
  public Reaction<Progress, StockCommand> react(Progress state, OrderEvent event) {
    return switch (event) {
      case Placed(String order) ->
          Reaction.<Progress, StockCommand>to(new Progress(order, state.paid()))
              .send(order, new Reserve(2))
              .startTimer("payment", PATIENCE);
      case Paid(String order, int amount) -> {
        Progress paid = new Progress(order, state.paid() + amount);
        yield paid.paid() < 100
            ? Reaction.to(paid)
            : Reaction.<Progress, StockCommand>to(paid)
                .cancelTimer("payment")
                .send(order, new Ship())
                .end();
      }
    };
  }

  @Override
  public Reaction<Progress, StockCommand> timedOut(Progress state, String timer) {
    return Reaction.<Progress, StockCommand>to(state).send(state.order(), new Release(timer)).end();
  }

  @Override
  public Reaction<Progress, StockCommand> rejected(Progress state, RejectedCommand rejected) {
    return Reaction.<Progress, StockCommand>to(state)
        .send(rejected.aggregateId(), new Release(rejected.command() + " " + rejected.code()))
        .end();
  }

  /** The stock: its state is how many pieces are reserved. */
  static final class Stock implements Decider<StockCommand, Integer, StockEvent> {
    @Override
    public Integer initial() {
      return 0;
    }

    @Override
    public List<StockEvent> decide(StockCommand command, Integer reserved) {
      return switch (command) {
        case Reserve(int pieces) -> {
          if (reserved > 0) {
            throw new Rejection("RESERVED_ALREADY", "reserved twice");
          }
          yield List.of(new Reserved(pieces));
        }
        case Ship() -> {
          if (reserved == 0) {
            throw new Rejection("NOTHING_RESERVED", "nothing to ship");
          }
          yield List.of(new Shipped());
        }
        case Release(String why) -> List.of(new Released(why));
      };
    }

    @Override
    public Integer evolve(Integer reserved, StockEvent event) {
      return switch (event) {
        case Reserved(int pieces) -> pieces;
        case Shipped() -> 0;
        case Released(String why) -> 0;
      };
    }
  }

  static <T extends ReadStream & AppendToStream>
      AggregateRuntime<StockCommand, Integer, StockEvent> stock(T store) {
    return AggregateRuntime.create(
        "Stock", new Stock(), StockEvent.class, EVENTS, store, RuntimeOptions.DEFAULT);
  }
}
