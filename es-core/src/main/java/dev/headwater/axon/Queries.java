package dev.headwater.axon;

import java.util.List;
import java.util.function.Function;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.queryhandling.GenericQueryResponseMessage;
import org.axonframework.messaging.queryhandling.QueryBus;
import org.axonframework.messaging.queryhandling.QueryResponseMessage;

/** Handlers of queries on Axon's query bus as plain functions. */
public final class Queries {
  private Queries() {}

  /**
   * Subscribes a function that answers one type of query with a list; it runs on the thread that
   * asks.
   */
  public static <Q, R> void subscribe(QueryBus bus, Class<Q> query, Function<Q, List<R>> answer) {
    bus.subscribe(
        Buses.TYPES.resolveOrThrow(query).qualifiedName(),
        (message, context) ->
            MessageStream.fromIterable(
                answer.apply(query.cast(message.payload())).stream()
                    .map(Queries::response)
                    .toList()));
  }

  private static QueryResponseMessage response(Object payload) {
    return new GenericQueryResponseMessage(Buses.TYPES.resolveOrThrow(payload), payload);
  }
}
