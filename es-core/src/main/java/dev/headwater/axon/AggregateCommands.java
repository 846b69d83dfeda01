package dev.headwater.axon;

import dev.headwater.aggregate.CommandOutcome;
import dev.headwater.aggregate.HandleCommands;
import dev.headwater.event.Metadata;
import java.time.Clock;
import java.util.function.Function;
import java.util.stream.Stream;
import org.axonframework.messaging.commandhandling.CommandBus;
import org.axonframework.messaging.commandhandling.CommandHandler;
import org.axonframework.messaging.commandhandling.CommandMessage;
import org.axonframework.messaging.commandhandling.CommandResultMessage;
import org.axonframework.messaging.commandhandling.GenericCommandResultMessage;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.MessageType;

/**
 * Makes an {@link dev.headwater.aggregate.AggregateRuntime}, or what is put around one, the handler
 * of its commands on Axon's command bus. The result message's payload is the {@link
 * CommandOutcome}; a rejection is an outcome too, not an error.
 */
public final class AggregateCommands {
  private static final MessageType OUTCOME = Buses.TYPES.resolveOrThrow(CommandOutcome.class);

  private AggregateCommands() {}

  /**
   * Subscribes it to every record of a sealed interface of commands. The routing key of a message
   * names the aggregate ({@link CommandMessages#of} sets it).
   *
   * @param clock gives the time of commands that carry none
   */
  public static <C, E> void subscribe(
      CommandBus bus, Class<C> commands, HandleCommands<C, E> handling, Clock clock) {
    subscribe(bus, commands, handling, clock, AggregateCommands::routingKey);
  }

  /** The same, with a function that tells which aggregate a command is for. */
  public static <C, E> void subscribe(
      CommandBus bus,
      Class<C> commands,
      HandleCommands<C, E> handling,
      Clock clock,
      Function<CommandMessage, String> aggregateId) {
    CommandHandler handler =
        (message, context) -> {
          Metadata metadata = CommandMessages.metadataOf(message, Metadata.micros(clock.instant()));
          C command = commands.cast(message.payload());
          return MessageStream.fromFuture(
              handling
                  .handle(aggregateId.apply(message), message.identifier(), metadata, command)
                  .thenApply(AggregateCommands::result));
        };
    leaves(commands)
        .forEach(leaf -> bus.subscribe(Buses.TYPES.resolveOrThrow(leaf).qualifiedName(), handler));
  }

  private static String routingKey(CommandMessage message) {
    return message
        .routingKey()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "command "
                        + message.type()
                        + " "
                        + message.identifier()
                        + " names no aggregate; send it with a routing key (CommandMessages.of)"));
  }

  private static CommandResultMessage result(CommandOutcome<?> outcome) {
    return new GenericCommandResultMessage(OUTCOME, outcome);
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    Class<?>[] permitted = type.getPermittedSubclasses();
    return permitted == null
        ? Stream.of(type)
        : Stream.of(permitted).flatMap(AggregateCommands::leaves);
  }
}
