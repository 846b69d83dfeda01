package dev.headwater.axon;

import dev.headwater.event.Metadata;
import java.util.HashMap;
import java.util.Map;
import org.axonframework.messaging.commandhandling.CommandMessage;
import org.axonframework.messaging.commandhandling.GenericCommandMessage;
import org.axonframework.messaging.core.GenericMessage;
import org.jspecify.annotations.Nullable;

/**
 * Commands as Axon messages: the message's identifier is the command id, its routing key the
 * aggregate's id, and its metadata carries {@link Metadata} under the names {@code occurredAt}
 * (microseconds since 1970 UTC), {@code correlationId}, {@code causationId}, {@code actor} and
 * {@code traceparent}.
 */
public final class CommandMessages {
  private static final String OCCURRED_AT = "occurredAt";
  private static final String CORRELATION_ID = "correlationId";
  private static final String CAUSATION_ID = "causationId";
  private static final String ACTOR = "actor";
  private static final String TRACEPARENT = "traceparent";

  private CommandMessages() {}

  /** A command for an aggregate, to be sent by Axon's gateway or bus. */
  public static CommandMessage of(
      String aggregateId, String commandId, Metadata metadata, Object command) {
    GenericMessage message =
        new GenericMessage(
            commandId, Buses.TYPES.resolveOrThrow(command), command, asMap(metadata));
    return new GenericCommandMessage(message, aggregateId, null);
  }

  private static Map<String, String> asMap(Metadata metadata) {
    Map<String, String> map = new HashMap<>();
    map.put(OCCURRED_AT, Long.toString(metadata.occurredAt()));
    put(map, CORRELATION_ID, metadata.correlationId());
    put(map, CAUSATION_ID, metadata.causationId());
    put(map, ACTOR, metadata.actor());
    put(map, TRACEPARENT, metadata.traceparent());
    return map;
  }

  private static void put(Map<String, String> map, String name, @Nullable String value) {
    if (value != null) {
      map.put(name, value);
    }
  }

  /**
   * The metadata of a command; where the sender named no time, {@code now} (microseconds since 1970
   * UTC).
   */
  static Metadata metadataOf(CommandMessage command, long now) {
    Map<String, String> map = command.metadata();
    String occurredAt = map.get(OCCURRED_AT);
    try {
      return new Metadata(
          occurredAt == null ? now : Long.parseLong(occurredAt),
          map.get(CORRELATION_ID),
          map.get(CAUSATION_ID),
          map.get(ACTOR),
          map.get(TRACEPARENT));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "command "
              + command.identifier()
              + " has metadata occurredAt='"
              + occurredAt
              + "', expected microseconds since 1970 UTC",
          e);
    }
  }
}
