package dev.headwater.benchmarks.axon;

import dev.headwater.axon.engine.HeadwaterEventStorageEngine;
import dev.headwater.benchmarks.axon.Order.Place;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.axonframework.common.configuration.AxonConfiguration;
import org.axonframework.common.configuration.Configuration;
import org.axonframework.eventsourcing.configuration.EventSourcedEntityModule;
import org.axonframework.eventsourcing.configuration.EventSourcingConfigurer;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.messaging.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.eventhandling.conversion.EventConverter;

/** The application: everything but the storage engine is as Axon configures it by default. */
public final class AxonApplication implements AxonContestant {
  /** Makes the payload 270 bytes long when the id is a UUID. */
  private static final String NOTE = "x".repeat(159);

  private final String name;
  private final AxonConfiguration axon;
  private final CommandGateway gateway;
  private final LongSupplier stored;
  private final Runnable onClose;

  private AxonApplication(
      String name,
      Function<Configuration, EventStorageEngine> engine,
      LongSupplier stored,
      Runnable onClose) {
    this.name = name;
    this.axon =
        EventSourcingConfigurer.create()
            .registerEntity(EventSourcedEntityModule.autodetected(String.class, Order.class))
            .registerEventStorageEngine(engine::apply)
            .start();
    this.gateway = axon.getComponent(CommandGateway.class);
    this.stored = stored;
    this.onClose = onClose;
  }

  /** On Redis, as an application with streaming processors has it: one partition. */
  public static AxonContestant headwater(RedisStoreOptions options) {
    RedisEventStore store = RedisEventStore.connect(options.withPartitions(1));
    return new AxonApplication(
        "headwater-axon",
        axon -> new HeadwaterEventStorageEngine(store, axon.getComponent(EventConverter.class)),
        () -> store.head(0).sequence(),
        store::close);
  }

  /** On Axon's JPA engine and that database, which is not closed with it. */
  public static AxonContestant jpa(JpaDatabase database) {
    return new AxonApplication(
        "axon-jpa",
        axon -> database.engine(axon.getComponent(EventConverter.class)),
        database::stored,
        () -> {});
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public CompletableFuture<?> send(String aggregateId) {
    return gateway.send(new Place(aggregateId, "BUY", 101_250, 300, NOTE)).getResultMessage();
  }

  @Override
  public long stored() {
    return stored.getAsLong();
  }

  @Override
  public void close() {
    axon.shutdown();
    onClose.run();
  }
}
