package dev.headwater.axon.engine;

import dev.headwater.axon.engine.EngineOptions.SeveralStreams;
import dev.headwater.axon.engine.PartitionsToken.Reached;
import dev.headwater.event.EventType;
import dev.headwater.event.Position;
import dev.headwater.event.StreamId;
import dev.headwater.store.Commit;
import dev.headwater.store.EventStore;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.StoreWentBackException;
import dev.headwater.store.Subscription;
import dev.headwater.store.SubscriptionSpec;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.axonframework.common.infra.ComponentDescriptor;
import org.axonframework.eventsourcing.eventstore.AggregateBasedConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.AggregateBasedEventStorageEngineUtils;
import org.axonframework.eventsourcing.eventstore.AggregateSequenceNumberPosition;
import org.axonframework.eventsourcing.eventstore.AppendCondition;
import org.axonframework.eventsourcing.eventstore.EmptyAppendTransaction;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.SourcingCondition;
import org.axonframework.eventsourcing.eventstore.TaggedEventMessage;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.conversion.EventConverter;
import org.axonframework.messaging.eventhandling.processing.streaming.token.TrackingToken;
import org.axonframework.messaging.eventhandling.processing.streaming.token.WrappedToken;
import org.axonframework.messaging.eventstreaming.EventCriterion;
import org.axonframework.messaging.eventstreaming.StreamingCondition;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the events of an Axon application in an event store: register it with Axon's {@code
 * EventSourcingConfigurer}. Thread-safe. The store stays the caller's, who closes it after Axon.
 *
 * <p>It is aggregate-based, as Axon's JPA engine is: an event has at most one tag, which names its
 * aggregate, and events are sourced by exactly one tag. The tag's key is the type of a stream (a
 * letter, then letters, digits, {@code _ . -}, at most 100), its value the stream's id. An
 * aggregate's events are appended whole or not at all, and only where nothing was appended since it
 * was sourced. A transaction with events of several aggregates, or of an aggregate and without a
 * tag, has no such promise: see {@link SeveralStreams}.
 *
 * <p>A command that is sent again is decided again, and what it decides is stored again: a commit's
 * id is the identifier of its first event, of which the command's own identifier is no part.
 */
public final class HeadwaterEventStorageEngine implements EventStorageEngine {
  private static final Executor VIRTUAL_THREADS =
      task -> Thread.ofVirtual().name("headwater-axon").start(task);

  private final EventStore store;
  private final EngineOptions options;
  private final MessageMapping mapping;
  private final TokenSearch tokens;

  /** With {@linkplain EngineOptions#defaults() default options}. */
  public HeadwaterEventStorageEngine(EventStore store, EventConverter converter) {
    this(store, converter, EngineOptions.defaults());
  }

  /**
   * Over a store.
   *
   * @param converter turns payloads into bytes; JSON is kept readable in the store
   * @throws IllegalArgumentException if the store has more partitions than the options allow
   */
  public HeadwaterEventStorageEngine(
      EventStore store, EventConverter converter, EngineOptions options) {
    if (store.partitionCount() > 1 && !options.severalPartitions()) {
      throw new IllegalArgumentException(
          "Axon's streaming processors need one order of all events, and this store has "
              + store.partitionCount()
              + " partitions: create it with one, or allow more with"
              + " EngineOptions.withSeveralPartitions() and give each processor one segment");
    }
    this.store = store;
    this.options = options;
    this.mapping = new MessageMapping(converter);
    this.tokens = new TokenSearch(store, mapping);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Committing completes with {@code AppendEventsTransactionRejectedException} on a conflict. An
   * aggregate that the marker doesn't know must be new, as in Axon's JPA engine. What the store
   * throws, comes as it is.
   */
  @Override
  public CompletableFuture<AppendTransaction<?>> appendEvents(
      AppendCondition condition,
      @Nullable ProcessingContext context,
      List<TaggedEventMessage<?>> events) {
    try {
      return CompletableFuture.completedFuture(transaction(condition, context, events));
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private AppendTransaction<?> transaction(
      AppendCondition condition,
      @Nullable ProcessingContext context,
      List<TaggedEventMessage<?>> events) {
    AggregateBasedEventStorageEngineUtils.assertValidTags(events);
    if (events.isEmpty()) {
      return EmptyAppendTransaction.INSTANCE;
    }
    List<StreamAppend> appends = StreamAppend.of(events);
    if (appends.size() > 1 && options.severalStreams() == SeveralStreams.REFUSED) {
      throw new IllegalArgumentException(
          "a transaction may have events of one stream only (SeveralStreams.REFUSED), this has"
              + " events of "
              + appends.stream().map(StreamAppend::stream).toList());
    }
    AggregateBasedConsistencyMarker before = AggregateBasedConsistencyMarker.from(condition);
    SourcedVersions versions = SourcedVersions.of(context);
    List<Commit> commits =
        appends.stream()
            .map(
                append ->
                    mapping.commit(
                        append.stream(),
                        ExpectedVersion.exactly(expected(append.stream(), before, versions)),
                        append.events()))
            .toList();
    return new StoreTransaction(store, commits, before, versions, VIRTUAL_THREADS);
  }

  private static long expected(
      StreamId stream, AggregateBasedConsistencyMarker before, SourcedVersions versions) {
    return AggregateStreams.isAggregate(stream)
        ? versions.expected(stream, before.createSequencer().incrementAndGetSequenceOf(stream.id()))
        : 0;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if a criterion has not exactly one tag
   */
  @Override
  public MessageStream<EventMessage> source(
      SourcingCondition condition, @Nullable ProcessingContext context) {
    List<StreamId> streams =
        condition.criteria().flatten().stream()
            .map(criterion -> AggregateStreams.of(criterion.tags()))
            .distinct()
            .toList();
    if (streams.isEmpty()) {
      throw new IllegalArgumentException("an aggregate is found by exactly one tag, there is none");
    }
    long from = AggregateSequenceNumberPosition.toSequenceNumber(condition.start()) + 1;
    return new SourcedStream(
        store, mapping, SourcedVersions.of(context), condition.criteria(), streams, from);
  }

  /**
   * {@inheritDoc}
   *
   * <p>The order is that of the store within a partition, so every aggregate's events are in order;
   * there is none between partitions. A token that is not of this store's history ends the stream
   * with {@link StoreWentBackException}.
   */
  @Override
  public MessageStream<EventMessage> stream(
      StreamingCondition condition, @Nullable ProcessingContext context) {
    Supplier<PartitionsToken> start = start(condition.position());
    int number = GroupNames.take();
    String group = GroupNames.name(options.instance(), number);
    return new TailingStream(
            group,
            mapping,
            condition.criteria(),
            start,
            token -> subscribe(group, token, wanted(condition)),
            () -> GroupNames.giveBack(number))
        .started();
  }

  private Supplier<PartitionsToken> start(@Nullable TrackingToken position) {
    TrackingToken unwrapped = WrappedToken.unwrapLowerBound(position);
    if (unwrapped == null || unwrapped.equals(TrackingToken.FIRST)) {
      return tokens::first;
    }
    if (unwrapped.equals(TrackingToken.LATEST)) {
      return tokens::latest;
    }
    PartitionsToken token = PartitionsToken.cast(unwrapped);
    return () -> token;
  }

  private Subscription subscribe(String group, PartitionsToken token, Predicate<EventType> wanted) {
    if (token.partitions().size() != store.partitionCount()) {
      throw new StoreWentBackException(
          "a token of a store with "
              + token.partitions().size()
              + " partitions, this one has "
              + store.partitionCount()
              + "; reset the processor");
    }
    List<Position> from = token.partitions().stream().map(Reached::anchor).toList();
    return store.subscribe(new SubscriptionSpec(group, group, from, wanted, TailingStream.BATCH));
  }

  /** What can't match is not even read; what may match is looked at again. */
  private static Predicate<EventType> wanted(StreamingCondition condition) {
    Set<EventCriterion> criteria = condition.criteria().flatten();
    if (criteria.isEmpty() || criteria.stream().anyMatch(c -> c.types().isEmpty())) {
      return type -> true;
    }
    Set<String> names =
        criteria.stream()
            .flatMap(criterion -> criterion.types().stream())
            .map(name -> TypeNames.storedName(name.fullName()))
            .collect(Collectors.toSet());
    return type -> names.contains(type.name());
  }

  @Override
  public CompletableFuture<TrackingToken> firstToken(@Nullable ProcessingContext context) {
    return CompletableFuture.supplyAsync(tokens::first, VIRTUAL_THREADS);
  }

  @Override
  public CompletableFuture<TrackingToken> latestToken(@Nullable ProcessingContext context) {
    return CompletableFuture.supplyAsync(tokens::latest, VIRTUAL_THREADS);
  }

  /** {@inheritDoc} Reads the store from the start up to that moment. */
  @Override
  public CompletableFuture<TrackingToken> tokenAt(Instant at, @Nullable ProcessingContext context) {
    return CompletableFuture.supplyAsync(
        () -> {
          int number = GroupNames.take();
          try {
            return tokens.at(at, GroupNames.name(options.instance(), number));
          } finally {
            GroupNames.giveBack(number);
          }
        },
        VIRTUAL_THREADS);
  }

  @Override
  public void describeTo(ComponentDescriptor descriptor) {
    descriptor.describeProperty("store", store.toString());
    descriptor.describeProperty("instance", options.instance());
    descriptor.describeProperty("severalStreams", options.severalStreams().name());
  }
}
