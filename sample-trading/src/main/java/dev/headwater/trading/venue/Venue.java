package dev.headwater.trading.venue;

import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.HandleCommands;
import dev.headwater.aggregate.RuntimeOptions;
import dev.headwater.axon.AggregateCommands;
import dev.headwater.axon.Buses;
import dev.headwater.axon.Queries;
import dev.headwater.codec.EventCodec;
import dev.headwater.effect.DeadLetters;
import dev.headwater.effect.Effect;
import dev.headwater.projection.ParkedAggregates;
import dev.headwater.projection.Projection;
import dev.headwater.projection.ProjectionRunner;
import dev.headwater.projection.ProjectionVersions;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.server.RedisBinary;
import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.store.EventStore;
import dev.headwater.trading.TradingEvents;
import dev.headwater.trading.book.OrderBook;
import dev.headwater.trading.book.OrderBookCommand;
import dev.headwater.trading.book.OrderBookEvent;
import dev.headwater.trading.book.OrderBooks;
import dev.headwater.trading.instrument.Instrument;
import dev.headwater.trading.instrument.InstrumentCommand;
import dev.headwater.trading.instrument.InstrumentEvent;
import dev.headwater.trading.instrument.Instruments;
import dev.headwater.trading.readmodel.MarketDataProjection;
import dev.headwater.trading.readmodel.OrdersProjection;
import dev.headwater.trading.readmodel.ReadModelQueries;
import dev.headwater.trading.readmodel.Summary;
import dev.headwater.trading.readmodel.SummaryOf;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.messaging.commandhandling.CommandBus;
import org.axonframework.messaging.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.queryhandling.QueryBus;
import org.axonframework.messaging.queryhandling.gateway.QueryGateway;
import org.jspecify.annotations.Nullable;

/**
 * A running trading venue: events in Redis (its own embedded server, or one that is named), read
 * models in an H2 file or in PostgreSQL. Opened by the command line and by tests; thread-safe.
 */
public final class Venue implements AutoCloseable {
  private static final String NAMESPACE = "trading";

  /**
   * A whole day's commands to one book are recognised when they come again, because the book is
   * loaded from its first event: from a snapshot it would not know those before. Besides, a book
   * knows every order id that it ever had, so its snapshot would be as long as its day.
   */
  private static final RuntimeOptions BOOK_OPTIONS =
      RuntimeOptions.DEFAULT.withRememberedCommands(5_000_000);

  private final Deque<AutoCloseable> resources = new ArrayDeque<>();
  private final VenueSettings settings;
  private final @Nullable VenueMetrics metrics;
  private final RedisEventStore redis;
  private final EventStore store;
  private final AggregateRuntime<OrderBookCommand, OrderBook, OrderBookEvent> books;
  private final AggregateRuntime<InstrumentCommand, Instrument, InstrumentEvent> instruments;
  private final CommandBus commandBus = Buses.commandBus();
  private final QueryBus queryBus = Buses.queryBus();
  private @Nullable ReadSide readSide;

  private Venue(VenueSettings settings) {
    this.settings = settings;
    try {
      this.metrics =
          settings.metrics() == null ? null : opened(new VenueMetrics(settings.metrics()));
      this.redis =
          opened(
              RedisEventStore.connect(RedisStoreOptions.at(redisUri()).withNamespace(NAMESPACE)));
      this.store = metrics == null ? redis : metrics.around(redis);
      EventCodec codec = TradingEvents.codec();
      this.books =
          AggregateRuntime.create(
              OrderBooks.TYPE, new OrderBooks(), OrderBookEvent.class, codec, store, BOOK_OPTIONS);
      this.instruments =
          AggregateRuntime.create(
              Instruments.TYPE,
              new Instruments(),
              InstrumentEvent.class,
              codec,
              store,
              RuntimeOptions.DEFAULT);
      subscribe(OrderBooks.TYPE, OrderBookCommand.class, books);
      subscribe(Instruments.TYPE, InstrumentCommand.class, instruments);
      Queries.subscribe(
          queryBus,
          SummaryOf.class,
          query -> List.<Summary>of(readModelQueries().summary(query.symbols())));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private <C, E> void subscribe(String type, Class<C> commands, HandleCommands<C, E> handling) {
    AggregateCommands.subscribe(
        commandBus,
        commands,
        metrics == null ? handling : metrics.around(type, handling),
        Clock.systemUTC());
  }

  /**
   * Opens a venue; its projections run once {@link #projections()} is started.
   *
   * @throws RuntimeException of the part that can't be opened, with a message for an operator
   */
  public static Venue open(VenueSettings settings) {
    return new Venue(settings);
  }

  /** The read models that a venue keeps. */
  public static List<Projection> projectionList() {
    return List.of(new OrdersProjection(), new MarketDataProjection());
  }

  private String redisUri() {
    if (settings.redisUri() != null) {
      return settings.redisUri();
    }
    RedisServerOptions options =
        RedisServerOptions.in(settings.redisFolder()).withBinary(RedisBinary.embedded());
    return opened(RedisServer.start(options)).uri();
  }

  private <T extends AutoCloseable> T opened(T resource) {
    resources.push(resource);
    return resource;
  }

  /** Where the events are. */
  public EventStore store() {
    return store;
  }

  /** Opened when it is first asked for: auditors' commands need the events alone. */
  private synchronized ReadSide readSide() {
    ReadSide open = readSide;
    if (open == null) {
      open = ReadSide.open(settings, store, metrics);
      resources.push(open);
      readSide = open;
    }
    return open;
  }

  /** The database that analysts query. */
  public DataSource readModels() {
    return readSide().database();
  }

  /**
   * How analysts open that database: an H2 file, while no venue is running on it, by its JDBC URL;
   * PostgreSQL by the URI that {@code psql} takes.
   */
  public String readModelUrl() {
    PostgresAddress postgres = settings.postgres();
    return postgres == null
        ? ReadModelDatabase.fileUrl(settings.readModelFile())
        : postgres.forPsql();
  }

  /** The folder with everything that the venue stores. */
  public Path dataFolder() {
    return settings.dataFolder();
  }

  /**
   * Where metrics are served.
   *
   * @throws IllegalStateException if they are not
   */
  public InetSocketAddress metricsAddress() {
    if (metrics == null) {
      throw new IllegalStateException("this venue serves no metrics");
    }
    return metrics.address();
  }

  /** Order books, for auditors. */
  public AggregateRuntime<OrderBookCommand, OrderBook, OrderBookEvent> books() {
    return books;
  }

  /** Instruments, for auditors. */
  public AggregateRuntime<InstrumentCommand, Instrument, InstrumentEvent> instruments() {
    return instruments;
  }

  /** Where commands are sent. */
  public CommandGateway commands() {
    return Buses.commandGateway(commandBus);
  }

  /** Where queries are sent. */
  public QueryGateway queries() {
    return Buses.queryGateway(queryBus);
  }

  /** The read models in SQL, for questions that are too large for a message. */
  public ReadModelQueries readModelQueries() {
    return readSide().queries();
  }

  /** The versions of the read models; made, compared and switched by operators. */
  public ProjectionVersions versions() {
    return readSide().versions();
  }

  /** What keeps the read models up to date, all versions of them. */
  public ProjectionRunner projections() {
    return readSide().projections();
  }

  /** The aggregates that the read models leave out, for operators. */
  public ParkedAggregates parked() {
    return new ParkedAggregates(
        store, TradingEvents.codec(), readSide().database(), versions().prepare());
  }

  /**
   * Runs an effect on what is stored from now on, and on what is left of earlier runs. Whoever
   * calls it closes it.
   *
   * @throws IllegalStateException if it can't run; says why
   */
  public RunningEffect run(Effect effect) {
    return RunningEffect.start(effect, redis, readModels());
  }

  /** The events that an effect gave up on, for operators. */
  public DeadLetters deadLetters(Effect effect) {
    return new DeadLetters(effect, store, TradingEvents.codec(), readModels());
  }

  /** Ends everything in the reverse order of its start. */
  @Override
  public void close() {
    while (!resources.isEmpty()) {
      try {
        resources.pop().close();
      } catch (Exception e) {
        // the others are to be closed all the same; each resource reports its own trouble
      }
    }
  }
}
