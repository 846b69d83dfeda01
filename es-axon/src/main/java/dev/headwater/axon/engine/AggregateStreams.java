package dev.headwater.axon.engine;

import dev.headwater.event.StreamId;
import java.util.Set;
import org.axonframework.eventsourcing.eventstore.TaggedEventMessage;
import org.axonframework.messaging.eventstreaming.Tag;
import org.jspecify.annotations.Nullable;

/**
 * A tag is a stream: its key the stream's type, its value the stream's id. An event without a tag
 * belongs to no aggregate and has a stream of its own, named by its identifier.
 */
final class AggregateStreams {
  private static final String UNTAGGED = "UntaggedAxonEvent";

  private AggregateStreams() {}

  static StreamId of(TaggedEventMessage<?> event) {
    return event.tags().isEmpty()
        ? new StreamId(UNTAGGED, event.event().identifier())
        : of(event.tags());
  }

  /**
   * @throws IllegalArgumentException if it is not one tag, or one that can't name a stream
   */
  static StreamId of(Set<Tag> tags) {
    if (tags.size() != 1) {
      throw new IllegalArgumentException(
          "an aggregate is found by exactly one tag, the criteria have " + tags);
    }
    Tag tag = tags.iterator().next();
    if (tag.key().equals(UNTAGGED)) {
      throw new IllegalArgumentException("the tag key " + UNTAGGED + " is reserved");
    }
    return new StreamId(tag.key(), tag.value());
  }

  static boolean isAggregate(StreamId stream) {
    return !stream.type().equals(UNTAGGED);
  }

  static Set<Tag> tags(StreamId stream) {
    return isAggregate(stream) ? Set.of(new Tag(stream.type(), stream.id())) : Set.of();
  }

  /** As Axon's own engines say it: none for an event without a tag. */
  static @Nullable String type(StreamId stream) {
    return isAggregate(stream) ? stream.type() : null;
  }
}
