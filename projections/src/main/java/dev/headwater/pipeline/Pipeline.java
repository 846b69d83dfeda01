package dev.headwater.pipeline;

import dev.headwater.codec.EventCodec;
import dev.headwater.effect.Effect;
import dev.headwater.effect.EffectHandlers;
import dev.headwater.effect.EffectId;
import dev.headwater.effect.StartAt;
import dev.headwater.event.Metadata;
import dev.headwater.event.NewEvent;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.AppendResult;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.AppendToStream;
import dev.headwater.store.Commit;
import dev.headwater.store.ExpectedVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Appends what a {@link Flow} makes of events to other streams, of the same store or another one.
 * Run by {@link dev.headwater.effect.EffectRunner}: at least once for each event, those of a stream
 * one after another, so that they are in the same order in their target. Thread-safe.
 *
 * <p>What comes of an event is one commit for each target stream. Its id is the {@link EffectId} of
 * the pipeline's name, the event's stream and version, and the target's index; so a store that
 * still {@linkplain dev.headwater.store.FindCommit knows the id} stores it once. Metadata is that
 * of the event, with the event's commit as the cause.
 */
public final class Pipeline<E> implements Effect {
  private final String name;
  private final StartAt startAt;
  private final Flow<E, Outgoing> flow;
  private final AppendToStream target;
  private final EventCodec codec;

  /**
   * A pipeline.
   *
   * @param name never changes: it names the consumer group and is part of the commit ids
   * @param startAt where it begins when it is started for the very first time
   * @param codec knows the events that are appended
   */
  public Pipeline(
      String name,
      StartAt startAt,
      Flow<E, Outgoing> flow,
      AppendToStream target,
      EventCodec codec) {
    this.name = name;
    this.startAt = startAt;
    this.flow = flow;
    this.target = target;
    this.codec = codec;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public StartAt startAt() {
    return startAt;
  }

  @Override
  public void define(EffectHandlers on) {
    on.event(flow.source(), this::forward);
  }

  private void forward(E event, RecordedEvent recorded, EffectId id) {
    Map<StreamId, List<NewEvent>> commits = new LinkedHashMap<>();
    for (Outgoing outgoing : flow.apply(event, recorded)) {
      requireOther(outgoing);
      commits
          .computeIfAbsent(outgoing.stream(), stream -> new ArrayList<>())
          .add(codec.encode(outgoing.event()));
    }
    int index = 0;
    for (Map.Entry<StreamId, List<NewEvent>> commit : commits.entrySet()) {
      append(
          new Commit(
              id.at(index++).toString(),
              commit.getKey(),
              ExpectedVersion.any(),
              causedBy(recorded),
              commit.getValue()));
    }
  }

  /** It would read what it wrote, for ever. */
  private void requireOther(Outgoing outgoing) {
    if (flow.source().isInstance(outgoing.event())) {
      throw new IllegalStateException(
          "pipeline "
              + name
              + " would forward its own events, as it reads "
              + flow.source().getName()
              + "; map them to an event class of their own");
    }
  }

  private static Metadata causedBy(RecordedEvent recorded) {
    Metadata metadata = recorded.metadata();
    String correlation = metadata.correlationId();
    return metadata.withCause(
        correlation == null ? recorded.commitId() : correlation, recorded.commitId());
  }

  private void append(Commit commit) {
    AppendResult result = target.appendAndWait(commit);
    if (!(result instanceof Appended)) {
      throw new IllegalStateException("pipeline " + name + " could not append: " + result);
    }
  }
}
