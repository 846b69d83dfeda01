package dev.headwater.axon.engine;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.headwater.event.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.axonframework.messaging.eventhandling.processing.streaming.token.TrackingToken;
import org.jspecify.annotations.Nullable;

/**
 * How far a processor has come in each partition of the store. Immutable; equal if all parts are.
 *
 * <p>Tokens of another history (the store was made anew) have no order with this one. What they
 * have seen counts for nothing, so this one covers them.
 *
 * @param partitions one for each partition, in order
 */
public record PartitionsToken(List<Reached> partitions) implements TrackingToken {

  /**
   * A place in one partition.
   *
   * @param anchor a position that the store knows, from where to read on
   * @param sequence the last event that was delivered, at or behind the anchor: a token may stand
   *     inside a commit, a position of the store may not
   */
  public record Reached(Position anchor, long sequence) {
    /** All that is before a position, and nothing behind it. */
    static Reached at(Position position) {
      return new Reached(position, position.sequence());
    }

    private Reached min(Reached other) {
      return other.sequence < sequence ? other : this;
    }

    private Reached max(Reached other) {
      return other.sequence > sequence ? other : this;
    }

    private String text() {
      return anchor.epoch() + ":" + anchor.sequence() + ":" + anchor.logId() + ":" + sequence;
    }

    private static Reached parse(int partition, String text) {
      String[] parts = text.split(":", -1);
      if (parts.length != 4) {
        throw new IllegalArgumentException("not a place in a partition: '" + text + "'");
      }
      Position anchor =
          new Position(partition, Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2]);
      return new Reached(anchor, Long.parseLong(parts[3]));
    }
  }

  /** Copies the list. */
  public PartitionsToken {
    partitions = List.copyOf(partitions);
  }

  static PartitionsToken at(List<Position> positions) {
    return new PartitionsToken(positions.stream().map(Reached::at).toList());
  }

  /** Reads the stored form. */
  @JsonCreator
  public static PartitionsToken parse(String text) {
    String[] parts = text.split(";", -1);
    return new PartitionsToken(
        IntStream.range(0, parts.length).mapToObj(p -> Reached.parse(p, parts[p])).toList());
  }

  /**
   * The stored form, about 40 characters a partition: {@code epoch:sequence:logId:delivered},
   * separated by {@code ';'}.
   */
  @JsonValue
  public String text() {
    return partitions.stream().map(Reached::text).collect(Collectors.joining(";"));
  }

  /** The same with another place in one partition. */
  PartitionsToken with(Reached reached) {
    List<Reached> changed = new ArrayList<>(partitions);
    changed.set(reached.anchor().partition(), reached);
    return new PartitionsToken(changed);
  }

  @Override
  public TrackingToken lowerBound(TrackingToken other) {
    if (other.equals(FIRST)) {
      return other;
    }
    return other.equals(LATEST) ? this : combined(other, true);
  }

  @Override
  public TrackingToken upperBound(TrackingToken other) {
    if (other.equals(LATEST)) {
      return other;
    }
    return other.equals(FIRST) ? this : combined(other, false);
  }

  private PartitionsToken combined(TrackingToken other, boolean lower) {
    PartitionsToken token = cast(other);
    if (isOfAnotherHistory(token)) {
      return this;
    }
    List<Reached> bounds = new ArrayList<>(partitions.size());
    for (int p = 0; p < partitions.size(); p++) {
      Reached mine = partitions.get(p);
      Reached others = token.partitions.get(p);
      bounds.add(lower ? mine.min(others) : mine.max(others));
    }
    return new PartitionsToken(bounds);
  }

  @Override
  public boolean covers(@Nullable TrackingToken other) {
    if (other == null || other.equals(FIRST)) {
      return true;
    }
    if (other.equals(LATEST)) {
      return false;
    }
    PartitionsToken token = cast(other);
    return isOfAnotherHistory(token)
        || IntStream.range(0, partitions.size())
            .allMatch(p -> partitions.get(p).sequence >= token.partitions.get(p).sequence);
  }

  private boolean isOfAnotherHistory(PartitionsToken other) {
    return partitions.size() != other.partitions.size()
        || IntStream.range(0, partitions.size())
            .anyMatch(
                p -> partitions.get(p).anchor.epoch() != other.partitions.get(p).anchor.epoch());
  }

  static PartitionsToken cast(TrackingToken other) {
    if (other instanceof PartitionsToken token) {
      return token;
    }
    throw new IllegalArgumentException(
        "a token of another event store: "
            + other
            + "; it says nothing about this one, delete it or reset the processor");
  }

  /** How many events are before it, over all partitions. */
  @Override
  public OptionalLong position() {
    return OptionalLong.of(partitions.stream().mapToLong(Reached::sequence).sum());
  }

  @Override
  public String toString() {
    return text();
  }
}
