package dev.headwater.axon.engine;

import dev.headwater.event.StreamId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.eventsourcing.eventstore.TaggedEventMessage;
import org.axonframework.messaging.eventhandling.EventMessage;

/** The events that a transaction has for one stream. */
record StreamAppend(StreamId stream, List<EventMessage> events) {

  /** Divides a transaction by stream, in the order of each stream's last event. */
  static List<StreamAppend> of(List<TaggedEventMessage<?>> events) {
    Map<StreamId, List<EventMessage>> byStream = new LinkedHashMap<>();
    for (TaggedEventMessage<?> event : events) {
      StreamId stream = AggregateStreams.of(event);
      List<EventMessage> before = byStream.remove(stream);
      List<EventMessage> all = before == null ? new ArrayList<>() : before;
      all.add(event.event());
      byStream.put(stream, all);
    }
    return byStream.entrySet().stream()
        .map(entry -> new StreamAppend(entry.getKey(), List.copyOf(entry.getValue())))
        .toList();
  }
}
