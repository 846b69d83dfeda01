package dev.headwater.axon.engine;

import dev.headwater.axon.engine.PartitionsToken.Reached;
import dev.headwater.event.Position;
import dev.headwater.event.SequencedEvent;
import dev.headwater.store.PartitionBatch;
import dev.headwater.store.Subscription;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.SimpleEntry;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.processing.streaming.token.TrackingToken;
import org.axonframework.messaging.eventstreaming.EventCriteria;
import org.jspecify.annotations.Nullable;

/**
 * All events behind a token, as they come: a thread of its own waits in a subscription and fills a
 * buffer, the reader never blocks. The thread waits while the reader is behind. A failure ends the
 * stream behind what was fetched before; Axon's processors then open another at their token.
 */
final class TailingStream implements MessageStream<EventMessage> {
  private static final Duration WAIT = Duration.ofSeconds(2);

  /** Events to be fetched at a time. */
  static final int BATCH = 500;

  /** While so many entries wait for the reader, nothing is fetched. */
  private static final int ENOUGH = 1_000;

  private final MessageMapping mapping;
  private final EventCriteria criteria;
  private final ArrayDeque<Entry<EventMessage>> buffer = new ArrayDeque<>();
  private final Thread reader;

  private Runnable callback = TailingStream::nothing;
  private @Nullable Throwable error;
  private boolean closed;

  /**
   * Starts to read.
   *
   * @param start gives the token to start from; called on the stream's own thread
   * @param subscribe opens the subscription at a token; called on the stream's own thread
   * @param onEnd called when the subscription has ended
   */
  TailingStream(
      String name,
      MessageMapping mapping,
      EventCriteria criteria,
      Supplier<PartitionsToken> start,
      Function<PartitionsToken, Subscription> subscribe,
      Runnable onEnd) {
    this.mapping = mapping;
    this.criteria = criteria;
    this.reader = Thread.ofVirtual().name(name).unstarted(() -> run(start, subscribe, onEnd));
  }

  TailingStream started() {
    reader.start();
    return this;
  }

  private void run(
      Supplier<PartitionsToken> start,
      Function<PartitionsToken, Subscription> subscribe,
      Runnable onEnd) {
    try {
      PartitionsToken token = start.get();
      try (Subscription subscription = subscribe.apply(token)) {
        read(subscription, token);
      }
    } catch (InterruptedException e) {
      // closed
    } catch (RuntimeException | Error e) {
      fail(e);
    } finally {
      onEnd.run();
    }
  }

  private void read(Subscription subscription, PartitionsToken start) throws InterruptedException {
    PartitionsToken token = start;
    while (awaitRoom()) {
      long began = System.nanoTime();
      List<PartitionBatch> batches = subscription.poll(WAIT);
      for (PartitionBatch batch : batches) {
        token = add(batch, token);
      }
      if (!batches.isEmpty()) {
        callback().run();
      } else if (System.nanoTime() - began < WAIT.toNanos() / 2) {
        TimeUnit.MILLISECONDS.sleep(100); // a store that is being closed doesn't wait
      }
    }
  }

  /** False once the stream is closed. */
  private synchronized boolean awaitRoom() throws InterruptedException {
    while (!closed && buffer.size() >= ENOUGH) {
      wait();
    }
    return !closed;
  }

  private PartitionsToken add(PartitionBatch batch, PartitionsToken before) {
    int partition = batch.next().partition();
    Reached from = before.partitions().get(partition);
    PartitionsToken token = before;
    ArrayDeque<Entry<EventMessage>> entries = new ArrayDeque<>();
    for (int i = 0; i < batch.events().size(); i++) {
      SequencedEvent event = batch.events().get(i);
      boolean last = i == batch.events().size() - 1;
      if (event.sequence() > from.sequence()) { // the anchor may be before what was delivered
        Position next = batch.next();
        token = before.with(last ? Reached.at(next) : new Reached(from.anchor(), event.sequence()));
        EventMessage message = mapping.message(event.event());
        if (criteria.matches(
            message.type().qualifiedName(), AggregateStreams.tags(event.event().stream()))) {
          entries.add(
              new SimpleEntry<>(
                  message,
                  MessageMapping.context(event.event())
                      .withResource(TrackingToken.RESOURCE_KEY, token)));
        }
      }
    }
    synchronized (this) {
      if (!closed) {
        buffer.addAll(entries);
      }
    }
    return before.with(max(from, batch.next()));
  }

  private static Reached max(Reached from, Position next) {
    return next.sequence() >= from.sequence()
        ? Reached.at(next)
        : new Reached(next, from.sequence());
  }

  private synchronized Runnable callback() {
    return callback;
  }

  private void fail(Throwable failure) {
    synchronized (this) {
      if (closed) {
        return;
      }
      error = failure;
    }
    callback().run();
  }

  private static void nothing() {}

  @Override
  public synchronized Optional<Entry<EventMessage>> next() {
    Entry<EventMessage> entry = buffer.poll();
    if (buffer.size() == ENOUGH - 1) {
      notifyAll();
    }
    return Optional.ofNullable(entry);
  }

  @Override
  public synchronized Optional<Entry<EventMessage>> peek() {
    return Optional.ofNullable(buffer.peek());
  }

  @Override
  public void setCallback(Runnable newCallback) {
    synchronized (this) {
      callback = newCallback;
    }
    newCallback.run();
  }

  @Override
  public synchronized Optional<Throwable> error() {
    return buffer.isEmpty() ? Optional.ofNullable(error) : Optional.empty();
  }

  @Override
  public synchronized boolean isCompleted() {
    return buffer.isEmpty() && (closed || error != null);
  }

  @Override
  public synchronized boolean hasNextAvailable() {
    return !buffer.isEmpty();
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      buffer.clear();
    }
    reader.interrupt();
  }
}
