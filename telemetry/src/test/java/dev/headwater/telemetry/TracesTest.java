package dev.headwater.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.CommandOutcome;
import dev.headwater.aggregate.HandleCommands;
import dev.headwater.aggregate.RuntimeOptions;
import dev.headwater.axon.AggregateCommands;
import dev.headwater.axon.Buses;
import dev.headwater.axon.CommandMessages;
import dev.headwater.event.Metadata;
import dev.headwater.event.StreamId;
import dev.headwater.projection.Awaited;
import dev.headwater.projection.ProgressListener;
import dev.headwater.projection.ProjectionRunner;
import dev.headwater.projection.ProjectionState;
import dev.headwater.projection.RunnerSettings;
import dev.headwater.readmodel.DatabaseTest;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.TestDatabase;
import dev.headwater.store.EventStore;
import dev.headwater.telemetry.Wallets.Balances;
import dev.headwater.telemetry.Wallets.Deposit;
import dev.headwater.telemetry.Wallets.WalletCommand;
import dev.headwater.telemetry.Wallets.WalletEvent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.axonframework.messaging.commandhandling.CommandBus;
import org.axonframework.messaging.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** From the gateway through Redis to the read model's commit. */
@DatabaseTest
class TracesTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final String UPSTREAM = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-";

  @Parameter private TestDatabase vendor;
  private final InMemorySpanExporter exported = InMemorySpanExporter.create();
  private final OpenTelemetrySdk telemetry = sdk(Sampler.parentBased(Sampler.alwaysOn()));
  private EventStore store;
  private HikariDataSource database;
  private CommandGateway gateway;
  private HandleCommands<WalletCommand, WalletEvent> commands;
  private ProjectionRunner runner;

  private OpenTelemetrySdk sdk(Sampler sampler) {
    return OpenTelemetrySdk.builder()
        .setTracerProvider(
            SdkTracerProvider.builder()
                .setSampler(sampler)
                .addSpanProcessor(SimpleSpanProcessor.create(exported))
                .build())
        .build();
  }

  @BeforeEach
  void open() {
    store = new TracedEventStore(TestRedis.newStore(), telemetry);
    database = vendor.open();
    Migrations.framework(database);
    Migrations.application(database, "classpath:db/wallets");
    CommandBus bus = Buses.commandBus();
    gateway = Buses.commandGateway(bus);
    commands =
        new TracedCommands<>(
            Wallets.TYPE,
            AggregateRuntime.create(
                Wallets.TYPE,
                new Wallets(),
                WalletEvent.class,
                Wallets.CODEC,
                store,
                RuntimeOptions.DEFAULT),
            telemetry);
    AggregateCommands.subscribe(bus, WalletCommand.class, commands, Clock.systemUTC());
    runner =
        new ProjectionRunner(
            store,
            Wallets.CODEC,
            database,
            List.of(new Balances()),
            RunnerSettings.DEFAULT.withObserver(new ProjectionTraces(telemetry)));
    runner.start();
    Await.until("live", LONG, () -> runner.status("balances").state() == ProjectionState.LIVE);
  }

  @AfterEach
  void close() {
    runner.close();
    database.close();
    store.close();
    telemetry.close();
  }

  private void assertCaughtUp() {
    assertThat(runner.awaitCaughtUp(LONG)).isEqualTo(new Awaited.Reached());
  }

  private List<SpanData> named(String name) {
    return exported.getFinishedSpanItems().stream()
        .filter(span -> span.getName().equals(name))
        .toList();
  }

  /** The one span of a name, once it is there: that of a batch ends behind its commit. */
  private SpanData span(String name) {
    Await.until(name, LONG, () -> !named(name).isEmpty());
    return named(name).getFirst();
  }

  private CommandOutcome<WalletEvent> deposit(String id, long amount, Metadata metadata) {
    return commands.handleAndWait("anna", id, metadata, new Deposit(amount));
  }

  private static Metadata now() {
    return Metadata.at(Instant.now());
  }

  @Nested
  class One_trace {
    @Test
    void leads_from_the_gateway_to_the_commit_of_the_read_model() {
      Span request = telemetry.getTracer("web").spanBuilder("POST /deposits").startSpan();
      try (Scope scope = request.makeCurrent()) {
        assertThat(scope).isNotNull();
        gateway.sendAndWait(CommandMessages.of("anna", "c1", now(), new Deposit(5)));
      } finally {
        request.end();
      }
      assertCaughtUp();

      SpanData handle = span("handle Wallet");
      SpanData append = span("append Wallet");
      SpanData project = span("project balances");
      String trace = request.getSpanContext().getTraceId();
      assertThat(List.of(handle, append, project))
          .extracting(SpanData::getTraceId)
          .containsOnly(trace);
      assertThat(handle.getParentSpanId()).isEqualTo(request.getSpanContext().getSpanId());
      assertThat(append.getParentSpanId()).isEqualTo(handle.getSpanId());
      assertThat(project.getParentSpanId()).isEqualTo(handle.getSpanId());
      assertThat(project.getEndEpochNanos()).isGreaterThan(append.getStartEpochNanos());
      assertThat(handle.getAttributes().get(Spans.OUTCOME)).isEqualTo("accepted");
      assertThat(append.getAttributes().get(Spans.OUTCOME)).isEqualTo("appended");
      assertThat(project.getAttributes().get(Spans.COMMIT)).isEqualTo("c1");
    }

    @Test
    void is_stored_with_the_events() {
      deposit("c1", 5, now());
      SpanData handle = span("handle Wallet");
      assertThat(store.readAll(new StreamId(Wallets.TYPE, "anna"), 1))
          .singleElement()
          .satisfies(
              event ->
                  assertThat(event.metadata().traceparent())
                      .isEqualTo(
                          "00-"
                              + handle.getTraceId()
                              + "-"
                              + handle.getSpanId()
                              + "-"
                              + handle.getSpanContext().getTraceFlags().asHex()));
    }

    @Test
    void goes_on_from_the_one_that_the_metadata_names() {
      deposit("c1", 5, now().withTraceparent(UPSTREAM + "01"));
      SpanData handle = span("handle Wallet");
      assertThat(handle.getTraceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
      assertThat(handle.getParentSpanId()).isEqualTo("b7ad6b7169203331");
    }

    @Test
    void begins_anew_where_the_metadata_names_nonsense() {
      deposit("c1", 5, now().withTraceparent("yesterday"));
      assertThat(span("handle Wallet").getParentSpanId()).isEqualTo("0000000000000000");
    }

    @Test
    void tells_of_a_rejection_without_calling_it_an_error() {
      deposit("c1", -5, now());
      SpanData handle = span("handle Wallet");
      assertThat(handle.getAttributes().get(Spans.OUTCOME)).isEqualTo("rejected");
      assertThat(handle.getAttributes().get(Spans.REJECTION)).isEqualTo("NEGATIVE");
      assertThat(handle.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    }

    @Test
    void tells_that_the_store_has_failed_without_quoting_it() {
      runner.close();
      store.close();
      assertThatThrownBy(() -> deposit("c1", 5, now())).isInstanceOf(RuntimeException.class);
      SpanData handle = span("handle Wallet");
      assertThat(handle.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
      assertThat(handle.getStatus().getDescription()).isEmpty();
      assertThat(handle.getEvents()).isEmpty();
    }
  }

  @Nested
  class A_batch_of_many_traces {
    @Test
    void is_one_span_that_is_linked_with_each_of_them() {
      runner.close();
      List<CompletableFuture<CommandOutcome<WalletEvent>>> sent =
          IntStream.range(0, 5)
              .mapToObj(i -> commands.handle("w" + i, "c" + i, now(), new Deposit(1)))
              .toList();
      sent.forEach(CompletableFuture::join);
      exported.reset();
      var batch = Batches.live(store, store.partitionCount());
      new ProjectionTraces(telemetry).observe(new Balances(), batch);

      SpanData transaction = span("project batch balances");
      List<SpanData> commits = named("project balances");
      assertThat(commits).hasSize(5);
      assertThat(commits.stream().map(SpanData::getTraceId).distinct()).hasSize(5);
      assertThat(transaction.getParentSpanContext().isValid()).isFalse();
      assertThat(transaction.getLinks()).hasSize(5);
      assertThat(commits)
          .allSatisfy(
              commit ->
                  assertThat(commit.getLinks())
                      .singleElement()
                      .satisfies(
                          link ->
                              assertThat(link.getSpanContext().getSpanId())
                                  .isEqualTo(transaction.getSpanId())));
      assertThat(transaction.getAttributes().get(Spans.EVENTS)).isEqualTo(5);
      assertThat(transaction.getAttributes().get(Spans.LEFT_OUT)).isEqualTo(0);
    }

    @Test
    void traces_no_more_commits_than_is_allowed_and_says_how_many_are_left_out() {
      runner.close();
      IntStream.range(0, ProjectionTraces.MOST + 7)
          .mapToObj(i -> commands.handle("w" + i, "c" + i, now(), new Deposit(1)))
          .toList()
          .forEach(CompletableFuture::join);
      exported.reset();
      new ProjectionTraces(telemetry)
          .observe(new Balances(), Batches.live(store, store.partitionCount()));

      assertThat(named("project balances")).hasSize(ProjectionTraces.MOST);
      assertThat(span("project batch balances").getAttributes().get(Spans.LEFT_OUT)).isEqualTo(7);
    }
  }

  @Nested
  class Nothing_is_traced {
    @Test
    void of_a_trace_that_is_not_sampled() {
      deposit("c1", 5, now().withTraceparent(UPSTREAM + "00"));
      assertCaughtUp();
      assertThat(exported.getFinishedSpanItems()).isEmpty();
      assertThat(store.readAll(new StreamId(Wallets.TYPE, "anna"), 1))
          .singleElement()
          .satisfies(
              event -> assertThat(event.metadata().traceparent()).isEqualTo(UPSTREAM + "00"));
    }

    @Test
    void and_nothing_written_where_the_sampler_declines() {
      HandleCommands<WalletCommand, WalletEvent> unsampled =
          new TracedCommands<>(
              Wallets.TYPE,
              (aggregate, id, metadata, command) -> {
                assertThat(metadata.traceparent()).isNull();
                return CompletableFuture.completedFuture(
                    new CommandOutcome.Unchanged<>(new StreamId(Wallets.TYPE, aggregate), 0));
              },
              sdk(Sampler.alwaysOff()));
      unsampled.handleAndWait("anna", "c1", now(), new Deposit(0));
      assertThat(exported.getFinishedSpanItems()).isEmpty();
    }

    @Test
    void by_a_replay() {
      deposit("c1", 5, now());
      assertCaughtUp();
      span("project balances");
      exported.reset();
      assertThat(runner.replay(Set.of("balances"), ProgressListener.NONE))
          .isEqualTo(new Awaited.Reached());
      assertThat(exported.getFinishedSpanItems()).isEmpty();
    }
  }
}
