package dev.headwater.axon.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headwater.axon.engine.EngineOptions.SeveralStreams;
import dev.headwater.event.StreamId;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.store.StoreWentBackException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.axonframework.conversion.PassThroughConverter;
import org.axonframework.eventsourcing.eventstore.AppendCondition;
import org.axonframework.eventsourcing.eventstore.AppendEventsTransactionRejectedException;
import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine.AppendTransaction;
import org.axonframework.eventsourcing.eventstore.GenericTaggedEventMessage;
import org.axonframework.eventsourcing.eventstore.SourcingCondition;
import org.axonframework.eventsourcing.eventstore.TaggedEventMessage;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.MessageStream.Entry;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.core.QualifiedName;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.axonframework.messaging.core.unitofwork.StubProcessingContext;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.GenericEventMessage;
import org.axonframework.messaging.eventhandling.conversion.DelegatingEventConverter;
import org.axonframework.messaging.eventhandling.processing.streaming.token.TrackingToken;
import org.axonframework.messaging.eventstreaming.EventCriteria;
import org.axonframework.messaging.eventstreaming.StreamingCondition;
import org.axonframework.messaging.eventstreaming.Tag;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class HeadwaterEventStorageEngineTest {
  private static final DelegatingEventConverter CONVERTER =
      new DelegatingEventConverter(PassThroughConverter.INSTANCE);
  private static final Tag A = new Tag("Account", "a");
  private static final Tag B = new Tag("Account", "b");
  private static final EventCriteria OF_A = EventCriteria.havingTags(A);

  private final InMemoryEventStore store = new InMemoryEventStore(1);
  private HeadwaterEventStorageEngine engine = new HeadwaterEventStorageEngine(store, CONVERTER);

  private static TaggedEventMessage<?> event(String id, Instant time, Tag... tags) {
    return new GenericTaggedEventMessage<>(
        new GenericEventMessage(id, new MessageType("e" + id), new byte[] {'1'}, Map.of(), time),
        Set.of(tags));
  }

  private static TaggedEventMessage<?> event(String id, Tag... tags) {
    return event(id, Instant.EPOCH, tags);
  }

  private ConsistencyMarker append(AppendCondition condition, TaggedEventMessage<?>... events) {
    return append(condition, null, events);
  }

  @SuppressWarnings("unchecked")
  private ConsistencyMarker append(
      AppendCondition condition, ProcessingContext context, TaggedEventMessage<?>... events) {
    AppendTransaction<Object> transaction =
        (AppendTransaction<Object>) engine.appendEvents(condition, context, events).join();
    return transaction
        .commit(context)
        .thenCompose(result -> transaction.afterCommit(result, context))
        .join();
  }

  private ConsistencyMarker source(ProcessingContext context) {
    MessageStream<EventMessage> events =
        engine.source(SourcingCondition.conditionFor(OF_A), context);
    ConsistencyMarker marker = null;
    for (Optional<Entry<EventMessage>> entry = events.next();
        entry.isPresent();
        entry = events.next()) {
      marker = entry.get().getResource(ConsistencyMarker.RESOURCE_KEY);
    }
    return marker;
  }

  private static AppendCondition after(ConsistencyMarker marker) {
    return AppendCondition.withCriteria(OF_A).withMarker(marker);
  }

  private int stored(Tag tag) {
    return store.readAll(new StreamId(tag.key(), tag.value()), 1).toList().size();
  }

  /** The next entry of a stream, awaited. */
  private static Entry<EventMessage> take(MessageStream<EventMessage> stream) {
    Optional<Entry<EventMessage>> entry = stream.next();
    if (entry.isEmpty()) {
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(2))
          .until(stream::hasNextAvailable);
      entry = stream.next();
    }
    return entry.orElseThrow();
  }

  /** The first entry behind a token. */
  private Entry<EventMessage> take(TrackingToken token) {
    MessageStream<EventMessage> stream =
        engine.stream(StreamingCondition.startingFrom(token), null);
    try {
      return take(stream);
    } finally {
      stream.close();
    }
  }

  @Nested
  class Conflicts {
    @Test
    void an_aggregate_that_was_created_since_it_was_sourced_empty_is_one() {
      ProcessingContext context = new StubProcessingContext();
      ConsistencyMarker empty = source(context);
      append(AppendCondition.none(), event("1", A));
      assertThatThrownBy(() -> append(after(empty), context, event("2", A)))
          .hasCauseInstanceOf(AppendEventsTransactionRejectedException.class);
      assertThat(stored(A)).isEqualTo(1);
    }

    @Test
    void an_aggregate_that_was_sourced_empty_may_be_created() {
      append(after(source(null)), event("1", A));
      ProcessingContext context = new StubProcessingContext();
      append(after(source(context)), context, event("2", A));
      assertThat(stored(A)).isEqualTo(2);
    }

    @Test
    void a_store_that_lost_events_is_an_error_of_its_own() {
      append(AppendCondition.none(), event("1", A), event("2", A));
      ConsistencyMarker marker = source(null);
      engine = new HeadwaterEventStorageEngine(new InMemoryEventStore(1), CONVERTER);
      assertThatThrownBy(() -> append(after(marker), event("3", A)))
          .hasCauseInstanceOf(StoreWentBackException.class);
    }
  }

  @Nested
  class SeveralAggregates {
    @Test
    void a_conflict_of_one_refuses_all() {
      append(AppendCondition.none(), event("1", B));
      assertThatThrownBy(
              () -> append(AppendCondition.none(), event("2", A), event("3"), event("4", B)))
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(AppendEventsTransactionRejectedException.class);
      assertThat(stored(A)).isZero();
    }

    @Test
    void can_be_refused_before_anything_is_stored() {
      engine =
          new HeadwaterEventStorageEngine(
              store,
              CONVERTER,
              EngineOptions.defaults().withSeveralStreams(SeveralStreams.REFUSED));
      assertThatThrownBy(() -> append(AppendCondition.none(), event("1", A), event("2", B)))
          .hasCauseInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Account:a, Account:b");
      assertThat(stored(A) + stored(B)).isZero();
    }
  }

  @Nested
  class Tokens {
    @Test
    void at_a_moment_is_before_the_first_event_of_then_or_later() {
      for (int i = 1; i <= 5; i++) {
        append(
            AppendCondition.none(),
            event("" + i, Instant.ofEpochSecond(i), new Tag("Account", "" + i)));
      }
      assertThat(positionAt(0)).isZero();
      assertThat(positionAt(3)).isEqualTo(2);
      assertThat(positionAt(6)).isEqualTo(5);
      assertThat(next(engine.tokenAt(Instant.ofEpochSecond(3), null).join())).isEqualTo("3");
    }

    private long positionAt(long second) {
      return engine.tokenAt(Instant.ofEpochSecond(second), null).join().position().orElseThrow();
    }

    private String next(TrackingToken token) {
      return take(token).message().identifier();
    }

    @Test
    void inside_a_commit_goes_on_there() {
      append(AppendCondition.none(), event("1", A), event("2", A), event("3", A));
      TrackingToken token = TrackingToken.fromContext(take(TrackingToken.FIRST)).orElseThrow();
      assertThat(next(PartitionsToken.parse(((PartitionsToken) token).text()))).isEqualTo("2");
    }

    @Test
    void of_another_history_end_the_stream() {
      TrackingToken other =
          new HeadwaterEventStorageEngine(new InMemoryEventStore(1), CONVERTER)
              .latestToken(null)
              .join();
      MessageStream<EventMessage> stream =
          engine.stream(StreamingCondition.startingFrom(other), null);
      await().until(stream::isCompleted);
      assertThat(stream.error()).containsInstanceOf(StoreWentBackException.class);
    }
  }

  @Nested
  class Streaming {
    @Test
    void only_what_the_criteria_match_is_delivered() {
      append(AppendCondition.none(), event("1", A), event("2", A), event("3", A));
      EventCriteria criteria =
          EventCriteria.havingTags(A).andBeingOneOfTypes(new QualifiedName("e2"));
      MessageStream<EventMessage> stream =
          engine.stream(StreamingCondition.conditionFor(TrackingToken.FIRST, criteria), null);
      assertThat(take(stream).message().identifier()).isEqualTo("2");
      assertThat(stream.next()).isEmpty();
      stream.close();
    }

    @Test
    void a_reader_that_is_behind_gets_everything_in_order() {
      int commits = 30;
      List<String> expected = new ArrayList<>();
      for (int c = 0; c < commits; c++) {
        String prefix = c + "-";
        TaggedEventMessage<?>[] events =
            IntStream.range(0, 100)
                .mapToObj(i -> event(prefix + i, new Tag("Account", prefix)))
                .toArray(TaggedEventMessage<?>[]::new);
        append(AppendCondition.none(), events);
        IntStream.range(0, 100).forEach(i -> expected.add(prefix + i));
      }
      MessageStream<EventMessage> stream =
          engine.stream(StreamingCondition.startingFrom(TrackingToken.FIRST), null);
      List<String> read = new ArrayList<>();
      while (read.size() < expected.size()) {
        read.add(take(stream).message().identifier());
      }
      stream.close();
      assertThat(read).isEqualTo(expected);
    }

    @Test
    void closing_ends_it() {
      MessageStream<EventMessage> stream =
          engine.stream(StreamingCondition.startingFrom(TrackingToken.LATEST), null);
      stream.close();
      append(AppendCondition.none(), event("1", A));
      assertThat(stream.isCompleted()).isTrue();
      assertThat(stream.next()).isEmpty();
    }
  }

  @Nested
  class The_name_of_a_process {
    @Test
    void is_text_of_one_line() {
      assertThat(EngineOptions.defaults().withInstance("orders-1").instance())
          .isEqualTo("orders-1");
      for (String wrong : List.of("", "a\nb", "x".repeat(256))) {
        assertThatThrownBy(() -> EngineOptions.defaults().withInstance(wrong))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("instance must have 1 to 255 characters");
      }
    }
  }

  @Nested
  class Partitions {
    @Test
    void several_are_refused_unless_allowed() {
      InMemoryEventStore several = new InMemoryEventStore(4);
      assertThatThrownBy(() -> new HeadwaterEventStorageEngine(several, CONVERTER))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("this store has 4 partitions: create it with one");
    }

    @Test
    void a_token_of_several_goes_on_in_each() {
      engine =
          new HeadwaterEventStorageEngine(
              new InMemoryEventStore(4),
              CONVERTER,
              EngineOptions.defaults().withSeveralPartitions());
      Set<String> expected = new java.util.TreeSet<>();
      for (int i = 10; i < 50; i++) {
        append(AppendCondition.none(), event("" + i, new Tag("Account", "" + i)));
        expected.add("" + i);
      }
      Set<String> read = new java.util.TreeSet<>();
      TrackingToken token = TrackingToken.FIRST;
      for (int i = 0; i < 40; i++) { // a stream of its own for each event
        Entry<EventMessage> entry = take(token);
        read.add(entry.message().identifier());
        token = TrackingToken.fromContext(entry).orElseThrow();
      }
      assertThat(read).isEqualTo(expected);
    }
  }

  @Test
  void what_reports_usage_is_not_on_the_class_path() {
    assertThatThrownBy(() -> Class.forName("org.axonframework.update.UpdateChecker"))
        .isInstanceOf(ClassNotFoundException.class);
    assertThat(getClass().getResource("/org/axonframework/update")).isNull();
  }
}
