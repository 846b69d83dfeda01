package dev.headwater.store;

import dev.headwater.event.Metadata;
import dev.headwater.event.NewEvent;
import dev.headwater.event.StreamId;
import java.util.List;

/**
 * Events to be appended to one stream, all or none.
 *
 * @param id identifies the commit for ever (it is the command's id): 1 to 200 printable characters
 * @param stream where to append
 * @param expected the version that the stream must have
 * @param metadata stored with each of the events
 * @param events 1 to {@value #MAX_EVENTS} events
 */
public record Commit(
    String id,
    StreamId stream,
    ExpectedVersion expected,
    Metadata metadata,
    List<NewEvent> events) {
  /** The most events in one commit: an append blocks the server while it runs. */
  public static final int MAX_EVENTS = 1_000;

  private static final int MAX_ID_LENGTH = 200;

  /** Validates and copies the list. */
  public Commit {
    if (id.isEmpty() || id.length() > MAX_ID_LENGTH || !StreamId.isStorable(id)) {
      throw new IllegalArgumentException(
          "commit id must have 1 to "
              + MAX_ID_LENGTH
              + " characters and no control character, was: '"
              + id
              + "'");
    }
    events = List.copyOf(events);
    if (events.isEmpty() || events.size() > MAX_EVENTS) {
      throw new IllegalArgumentException(
          "commit "
              + id
              + " to "
              + stream
              + " must have 1 to "
              + MAX_EVENTS
              + " events, had "
              + events.size());
    }
  }
}
