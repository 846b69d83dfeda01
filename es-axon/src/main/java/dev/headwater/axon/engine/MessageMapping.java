package dev.headwater.axon.engine;

import dev.headwater.event.EventType;
import dev.headwater.event.Metadata;
import dev.headwater.event.NewEvent;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.Commit;
import dev.headwater.store.ExpectedVersion;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.axonframework.conversion.Converter;
import org.axonframework.messaging.core.Context;
import org.axonframework.messaging.core.LegacyResources;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.GenericEventMessage;
import org.jspecify.annotations.Nullable;

/**
 * Turns Axon's event messages into commits and recorded events back into event messages, without
 * loss. The commit's id is the identifier of its first event, its time the timestamp of that one;
 * correlation, causation and trace parent become the commit's where all its events share them. What
 * doesn't fit there is in each event's {@link Envelope}.
 */
final class MessageMapping {
  private static final String CORRELATION = "correlationId";
  private static final String CAUSATION = "causationId";
  private static final String TRACEPARENT = "traceparent";
  private static final int MAX_COMMIT_ID = 200;

  private final Converter converter;

  MessageMapping(Converter converter) {
    this.converter = converter;
  }

  Commit commit(StreamId stream, ExpectedVersion expected, List<? extends EventMessage> events) {
    EventMessage first = events.getFirst();
    Metadata metadata =
        Metadata.at(first.timestamp())
            .withCause(shared(CORRELATION, events), shared(CAUSATION, events))
            .withTraceparent(shared(TRACEPARENT, events));
    String id = isCommitId(first.identifier()) ? first.identifier() : UUID.randomUUID().toString();
    return new Commit(
        id, stream, expected, metadata, events.stream().map(e -> stored(e, id, metadata)).toList());
  }

  private static boolean isCommitId(String id) {
    return !id.isEmpty()
        && id.length() <= MAX_COMMIT_ID
        && id.chars().noneMatch(Character::isISOControl);
  }

  private static @Nullable String shared(String key, List<? extends EventMessage> events) {
    String value = events.getFirst().metadata().get(key);
    return events.stream().allMatch(e -> Objects.equals(e.metadata().get(key), value))
        ? value
        : null;
  }

  private NewEvent stored(EventMessage event, String commitId, Metadata commit) {
    EventType type = TypeNames.stored(event.type());
    Map<String, @Nullable String> rest = new HashMap<>(event.metadata());
    Map<String, String> shared = ofCommit(commit);
    rest.keySet().removeAll(shared.keySet());
    Envelope envelope =
        new Envelope(
            unless(commitId, event.identifier()),
            commit.time().equals(event.timestamp()) ? null : event.timestamp().toString(),
            unless(TypeNames.name(type), event.type().name()),
            unless(TypeNames.version(type), event.type().version()),
            rest,
            event.payloadAs(byte[].class, converter));
    return new NewEvent(type, envelope.toJson());
  }

  private static @Nullable String unless(String known, String value) {
    return value.equals(known) ? null : value;
  }

  /** The entries of Axon's metadata that are in the commit's. */
  private static Map<String, String> ofCommit(Metadata commit) {
    Map<String, String> entries = new HashMap<>();
    putIfKnown(entries, CORRELATION, commit.correlationId());
    putIfKnown(entries, CAUSATION, commit.causationId());
    putIfKnown(entries, TRACEPARENT, commit.traceparent());
    return entries;
  }

  private static void putIfKnown(Map<String, String> entries, String key, @Nullable String value) {
    if (value != null) {
      entries.put(key, value);
    }
  }

  /** The message, its payload as bytes for the handlers' converter. */
  EventMessage message(RecordedEvent event) {
    Envelope envelope = Envelope.of(event);
    Map<String, @Nullable String> metadata = new HashMap<>(ofCommit(event.metadata()));
    metadata.putAll(envelope.metadata());
    return new GenericEventMessage(
        Objects.requireNonNullElse(envelope.id(), event.commitId()),
        new MessageType(
            Objects.requireNonNullElse(envelope.name(), TypeNames.name(event.type())),
            Objects.requireNonNullElse(envelope.version(), TypeNames.version(event.type()))),
        envelope.payload(),
        metadata,
        envelope.at() == null ? event.metadata().time() : Instant.parse(envelope.at()));
  }

  /** Aggregate's id, type and sequence number from 0, where Axon's handlers look for them. */
  static Context context(RecordedEvent event) {
    String type = AggregateStreams.type(event.stream());
    Context context =
        Context.with(LegacyResources.AGGREGATE_IDENTIFIER_KEY, event.stream().id())
            .withResource(LegacyResources.AGGREGATE_SEQUENCE_NUMBER_KEY, event.version() - 1);
    return type == null ? context : context.withResource(LegacyResources.AGGREGATE_TYPE_KEY, type);
  }
}
