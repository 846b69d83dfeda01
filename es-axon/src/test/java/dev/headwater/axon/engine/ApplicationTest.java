package dev.headwater.axon.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.store.EventStore;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.axonframework.common.configuration.AxonConfiguration;
import org.axonframework.conversion.Converter;
import org.axonframework.eventsourcing.configuration.EventSourcedEntityModule;
import org.axonframework.eventsourcing.configuration.EventSourcingConfigurer;
import org.axonframework.eventsourcing.eventstore.AppendEventsTransactionRejectedException;
import org.axonframework.messaging.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.eventhandling.conversion.EventConverter;
import org.axonframework.messaging.eventhandling.processing.streaming.token.store.TokenStore;
import org.axonframework.messaging.eventhandling.processing.streaming.token.store.jdbc.GenericTokenTableFactory;
import org.axonframework.messaging.eventhandling.processing.streaming.token.store.jdbc.JdbcTokenStore;
import org.axonframework.messaging.eventhandling.processing.streaming.token.store.jdbc.JdbcTokenStoreConfiguration;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An Axon application on Redis: annotated entity, command handlers, pooled streaming processor. */
class ApplicationTest {
  @TempDir static Path folder;
  private static TestRedis redis;

  private final DataSource database = database();
  private EventStore store;
  private Balances balances;
  private AxonConfiguration axon;

  private static DataSource database() {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    return database;
  }

  @BeforeAll
  static void startRedis() {
    redis = TestRedis.start(folder);
  }

  @AfterAll
  static void stopRedis() throws Exception {
    redis.close();
  }

  @BeforeEach
  void start() throws SQLException {
    RedisStoreOptions options = redis.newStore();
    // tag::store
    store = RedisEventStore.connect(options.withPartitions(1));
    // end::store
    balances = new Balances(database);
    axon = application(store, database, balances).start();
  }

  @AfterEach
  void stop() {
    axon.shutdown();
    store.close();
  }

  // tag::application
  static EventSourcingConfigurer application(
      EventStore store, DataSource database, Balances balances) {
    return EventSourcingConfigurer.create()
        .registerEntity(EventSourcedEntityModule.autodetected(String.class, Account.class))
        .registerEventStorageEngine(
            configuration ->
                new HeadwaterEventStorageEngine(
                    store, configuration.getComponent(EventConverter.class)))
        .componentRegistry(
            components ->
                components.registerComponent(
                    TokenStore.class,
                    configuration ->
                        tokenStore(database, configuration.getComponent(Converter.class))))
        .messaging(
            messaging ->
                messaging.eventProcessing(
                    processing ->
                        processing.pooledStreaming(
                            pooled ->
                                pooled.defaultProcessor(
                                    "balances",
                                    components ->
                                        components.autodetected(configuration -> balances)))));
  }

  // end::application

  private static JdbcTokenStore tokenStore(DataSource database, Converter converter) {
    JdbcTokenStore tokens =
        new JdbcTokenStore(database::getConnection, converter, JdbcTokenStoreConfiguration.DEFAULT);
    tokens.createSchema(GenericTokenTableFactory.INSTANCE);
    return tokens;
  }

  private void send(Object command) {
    axon.getComponent(CommandGateway.class).sendAndWait(command);
  }

  private void awaitEvents(int count) {
    await()
        .untilAsserted(
            () -> assertThat(balances.number("select sum(events) from balance")).isEqualTo(count));
  }

  private List<RecordedEvent> stored(String account) {
    return store.readAll(new StreamId("Account", account), 1).toList();
  }

  @Test
  void commands_are_decided_on_sourced_state_and_reach_the_read_side() {
    send(new Account.Open("a", "Ada"));
    send(new Account.Deposit("a", 100));
    send(new Account.Withdraw("a", 30));
    assertThatThrownBy(() -> send(new Account.Withdraw("a", 71)))
        .hasStackTraceContaining("only 70 left");

    awaitEvents(3);
    assertThat(balances.number("select amount from balance where id = 'a'")).isEqualTo(70);
    assertThat(stored("a"))
        .extracting(event -> event.type().toString())
        .containsExactly(
            "bank.Opened#2",
            "dev.headwater.axon.engine.Account-Deposited#1",
            "dev.headwater.axon.engine.Account-Withdrawn#1");
    assertThat(new String(stored("a").get(1).data(), java.nio.charset.StandardCharsets.UTF_8))
        .endsWith("\"p\":{\"id\":\"a\",\"amount\":100}}");
  }

  @Test
  void a_processor_that_starts_again_goes_on_where_it_was() {
    IntStream.range(0, 20).forEach(i -> send(new Account.Open("account-" + i, "Ada")));
    awaitEvents(20);
    axon.shutdown();

    axon = application(store, database, balances).start();
    IntStream.range(0, 20).forEach(i -> send(new Account.Deposit("account-" + i, i)));
    awaitEvents(40); // an event that came twice would have failed to insert, or be counted
    assertThat(balances.number("select sum(amount) from balance")).isEqualTo(190);
    assertThat(balances.number("select count(*) from TokenEntry where token is not null"))
        .isPositive();
  }

  @Test
  void of_two_commands_that_decided_on_the_same_state_one_is_rejected() throws Exception {
    send(new Account.Open("a", "Ada"));
    send(new Account.Deposit("a", 100));
    int rounds = 30;
    int rejected = 0;
    for (int i = 0; i < rounds; i++) {
      CountDownLatch go = new CountDownLatch(1);
      List<CompletableFuture<Boolean>> withdrawals =
          IntStream.range(0, 2).mapToObj(n -> withdrawn(go)).toList();
      go.countDown();
      for (CompletableFuture<Boolean> withdrawal : withdrawals) {
        rejected += withdrawal.get() ? 0 : 1;
      }
    }
    int withdrawn = 2 * rounds - rejected;
    assertThat(withdrawn).isGreaterThanOrEqualTo(rounds);
    assertThat(stored("a")).hasSize(2 + withdrawn);
    awaitEvents(2 + withdrawn);
    assertThat(balances.number("select amount from balance")).isEqualTo(100 - withdrawn);
  }

  /** Whether one was withdrawn; rejected for a conflict if not. */
  private CompletableFuture<Boolean> withdrawn(CountDownLatch go) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            go.await();
            send(new Account.Withdraw("a", 1));
            return true;
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          } catch (RuntimeException e) {
            assertThat(e).isInstanceOf(AppendEventsTransactionRejectedException.class);
            return false;
          }
        },
        task -> Thread.ofVirtual().start(task));
  }
}
