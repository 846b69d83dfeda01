package dev.headwater.axon.engine;

import dev.headwater.axon.engine.PartitionsToken.Reached;
import dev.headwater.event.Position;
import dev.headwater.store.EventStore;
import java.util.List;
import org.axonframework.eventsourcing.eventstore.AggregateBasedStorageEngineTestSuite;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.axonframework.messaging.core.unitofwork.StubProcessingContext;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.processing.streaming.token.TrackingToken;
import org.junit.jupiter.api.AfterEach;

/**
 * Axon's own suite, on a new store for each test. The store has one partition, because the suite
 * expects one order of all events.
 */
abstract class EngineSuite
    extends AggregateBasedStorageEngineTestSuite<HeadwaterEventStorageEngine> {
  private EventStore store;

  /** A new, empty store of one partition. */
  abstract EventStore newStore();

  @Override
  protected HeadwaterEventStorageEngine buildStorageEngine() {
    store = newStore();
    return new HeadwaterEventStorageEngine(store, converter);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  protected ProcessingContext processingContext() {
    return new StubProcessingContext();
  }

  @Override
  protected long globalSequenceOfEvent(long position) {
    return position;
  }

  @Override
  protected TrackingToken trackingTokenAt(long position) {
    Position start = Position.start(0, store.head(0).epoch());
    return new PartitionsToken(List.of(new Reached(start, position)));
  }

  @Override
  protected EventMessage convertPayload(EventMessage original) {
    return original.withConvertedPayload(String.class, converter);
  }
}
