package dev.headwater.axon.engine;

import org.axonframework.eventsourcing.annotation.EventSourcedEntity;
import org.axonframework.eventsourcing.annotation.EventSourcingHandler;
import org.axonframework.eventsourcing.annotation.EventTag;
import org.axonframework.eventsourcing.annotation.reflection.EntityCreator;
import org.axonframework.messaging.commandhandling.annotation.CommandHandler;
import org.axonframework.messaging.eventhandling.annotation.Event;
import org.axonframework.messaging.eventhandling.gateway.EventAppender;
import org.axonframework.modelling.annotation.TargetEntityId;

/** An entity as an Axon application has it; nothing here knows where events are kept. */
// tag::entity
@EventSourcedEntity(tagKey = "Account")
public class Account {
  private long balance;

  @EntityCreator
  public Account() {}

  @CommandHandler
  public static void handle(Open command, EventAppender events) {
    events.append(new Opened(command.id(), command.owner()));
  }

  @CommandHandler
  public void handle(Withdraw command, EventAppender events) {
    if (command.amount() > balance) {
      throw new IllegalStateException("only " + balance + " left");
    }
    events.append(new Withdrawn(command.id(), command.amount()));
  }

  @CommandHandler
  public void handle(Deposit command, EventAppender events) {
    events.append(new Deposited(command.id(), command.amount()));
  }

  @EventSourcingHandler
  public void on(Deposited event) {
    balance += event.amount();
  }

  @EventSourcingHandler
  public void on(Withdrawn event) {
    balance -= event.amount();
  }

  public record Open(@TargetEntityId String id, String owner) {}

  public record Deposit(@TargetEntityId String id, long amount) {}

  public record Withdraw(@TargetEntityId String id, long amount) {}

  @Event(namespace = "bank", name = "Opened", version = "2")
  public record Opened(@EventTag(key = "Account") String id, String owner) {}

  public record Deposited(@EventTag(key = "Account") String id, long amount) {}

  public record Withdrawn(@EventTag(key = "Account") String id, long amount) {}
}
// end::entity
