package dev.headwater.benchmarks.axon;

import org.axonframework.eventsourcing.annotation.EventSourcedEntity;
import org.axonframework.eventsourcing.annotation.EventSourcingHandler;
import org.axonframework.eventsourcing.annotation.EventTag;
import org.axonframework.eventsourcing.annotation.reflection.EntityCreator;
import org.axonframework.messaging.commandhandling.annotation.CommandHandler;
import org.axonframework.messaging.eventhandling.annotation.Event;
import org.axonframework.messaging.eventhandling.gateway.EventAppender;
import org.axonframework.modelling.annotation.TargetEntityId;

/** An entity that takes one kind of command and appends one event for it. */
@EventSourcedEntity(tagKey = "Order")
public class Order {
  private long placed;

  /** Before its first event. */
  @EntityCreator
  public Order() {}

  /** Decides. */
  @CommandHandler
  public void handle(Place command, EventAppender events) {
    if (placed == Long.MAX_VALUE) {
      throw new IllegalStateException("full");
    }
    events.append(
        new Placed(
            command.id(), command.side(), command.price(), command.quantity(), command.note()));
  }

  /** Evolves. */
  @EventSourcingHandler
  public void on(Placed event) {
    placed++;
  }

  /** The command. */
  public record Place(
      @TargetEntityId String id, String side, long price, long quantity, String note) {}

  /** The event. */
  @Event(namespace = "trading", name = "Placed")
  public record Placed(
      @EventTag(key = "Order") String id, String side, long price, long quantity, String note) {}
}
