package dev.headwater.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/**
 * An event as a store gives it back. Immutable and thread-safe; the arrays that it was made of may
 * not be changed.
 *
 * <p>The metadata is decoded when it is first asked for, because a replay at full speed often does
 * not need it.
 */
public final class RecordedEvent {
  private final StreamId stream;
  private final long version;
  private final String commitId;
  private final EventType type;
  private final byte[] encodedMetadata;
  private final byte[] data;
  private @Nullable Metadata metadata;

  /**
   * An event of {@code stream} at {@code version} (from 1), with metadata and payload in their
   * stored form.
   */
  public RecordedEvent(
      StreamId stream,
      long version,
      String commitId,
      EventType type,
      byte[] encodedMetadata,
      byte[] data) {
    this.stream = stream;
    this.version = version;
    this.commitId = commitId;
    this.type = type;
    this.encodedMetadata = encodedMetadata;
    this.data = data;
  }

  /** The stream that it belongs to. */
  public StreamId stream() {
    return stream;
  }

  /** Its number in that stream, from 1 and without gap. */
  public long version() {
    return version;
  }

  /** Id of the commit, which is the id of the command that led to it. */
  public String commitId() {
    return commitId;
  }

  /** Stored name and revision. */
  public EventType type() {
    return type;
  }

  /** The payload in its stored form, UTF-8 JSON. Not a copy. */
  public byte[] data() {
    return data;
  }

  /** Origin and time. */
  public Metadata metadata() {
    Metadata decoded = metadata; // a race decodes twice, to equal values
    if (decoded == null) {
      decoded = Metadata.fromJson(encodedMetadata);
      metadata = decoded;
    }
    return decoded;
  }

  /** One line for messages: where it is, what it is, what it holds. */
  @Override
  public String toString() {
    return stream + "@" + version + " " + type + " " + new String(data, UTF_8);
  }
}
