package dev.headwater.axon;

import java.util.List;
import org.axonframework.conversion.PassThroughConverter;
import org.axonframework.messaging.commandhandling.CommandBus;
import org.axonframework.messaging.commandhandling.CommandPriorityCalculator;
import org.axonframework.messaging.commandhandling.SimpleCommandBus;
import org.axonframework.messaging.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.messaging.core.ClassBasedMessageTypeResolver;
import org.axonframework.messaging.core.EmptyApplicationContext;
import org.axonframework.messaging.core.MessageTypeResolver;
import org.axonframework.messaging.core.conversion.DelegatingMessageConverter;
import org.axonframework.messaging.core.unitofwork.SimpleUnitOfWorkFactory;
import org.axonframework.messaging.core.unitofwork.UnitOfWorkFactory;
import org.axonframework.messaging.queryhandling.QueryBus;
import org.axonframework.messaging.queryhandling.QueryPriorityCalculator;
import org.axonframework.messaging.queryhandling.SimpleQueryBus;
import org.axonframework.messaging.queryhandling.gateway.DefaultQueryGateway;
import org.axonframework.messaging.queryhandling.gateway.QueryGateway;

/**
 * Axon's buses and gateways for use in one process without Axon's configuration. What it makes is
 * thread-safe.
 */
public final class Buses {
  /**
   * How a payload's class becomes the name of its message: by its Java class name. Messages are
   * never stored.
   */
  static final MessageTypeResolver TYPES = new ClassBasedMessageTypeResolver();

  private static final UnitOfWorkFactory UNITS_OF_WORK =
      new SimpleUnitOfWorkFactory(EmptyApplicationContext.INSTANCE);

  private Buses() {}

  /** A command bus; wrap it in Axon's {@code InterceptingCommandBus} to add interceptors. */
  public static CommandBus commandBus() {
    return new SimpleCommandBus(UNITS_OF_WORK, List.of());
  }

  /** A gateway that sends commands to a bus. */
  public static CommandGateway commandGateway(CommandBus bus) {
    return new DefaultCommandGateway(
        bus,
        TYPES,
        CommandPriorityCalculator.defaultCalculator(),
        command -> command.routingKey().orElse(command.identifier()));
  }

  /** A query bus; wrap it in Axon's {@code InterceptingQueryBus} to add interceptors. */
  public static QueryBus queryBus() {
    return new SimpleQueryBus(UNITS_OF_WORK);
  }

  /** A gateway that sends queries to a bus. */
  public static QueryGateway queryGateway(QueryBus bus) {
    return new DefaultQueryGateway(
        bus,
        TYPES,
        QueryPriorityCalculator.defaultCalculator(),
        new DelegatingMessageConverter(PassThroughConverter.INSTANCE));
  }
}
