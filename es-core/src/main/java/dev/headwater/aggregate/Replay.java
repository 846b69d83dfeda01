package dev.headwater.aggregate;

import dev.headwater.event.RecordedEvent;
import java.util.function.Consumer;

/** Watches one load: how many events it applies, how long it takes, where it ends. */
final class Replay implements Consumer<RecordedEvent> {
  private final Consumer<RecordedEvent> next;
  private final long began = System.nanoTime();
  private long events;
  private String lastCommit = "";

  Replay(Consumer<RecordedEvent> next) {
    this.next = next;
  }

  @Override
  public void accept(RecordedEvent event) {
    events++;
    lastCommit = event.commitId();
    next.accept(event);
  }

  long events() {
    return events;
  }

  long nanos() {
    return System.nanoTime() - began;
  }

  /** Commit of the last event; empty if there was none. */
  String lastCommit() {
    return lastCommit;
  }
}
