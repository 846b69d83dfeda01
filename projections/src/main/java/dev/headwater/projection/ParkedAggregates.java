package dev.headwater.projection;

import dev.headwater.codec.EventCodec;
import dev.headwater.event.StreamId;
import dev.headwater.projection.ParkedQueue.Pointer;
import dev.headwater.readmodel.ReadModelException;
import dev.headwater.readmodel.internal.Transactions;
import dev.headwater.readmodel.internal.Transactions.Work;
import dev.headwater.store.ReadPartitions;
import dev.headwater.store.ReadStream;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * The aggregates that projections have parked, for operators: what waits and why, try again, leave
 * out. Thread-safe, and of use while the projections run, in this process or another, and while
 * they don't: a retry and the projection take turns on the projection's checkpoints.
 *
 * <p>A projection is named {@code orders@2}, or {@code orders} where one version of it was handed
 * over. All methods throw {@link ReadModelException} where the database can't be used.
 */
public final class ParkedAggregates {
  private static final int ATTEMPTS = 3;
  private static final int WHO_LENGTH = 200;
  private static final int WHY_LENGTH = 1_000;

  private final Transactions transactions;
  private final StoredEvents stored;
  private final Map<ProjectionId, ParkedRetry> retries = new TreeMap<>();

  /**
   * Those of these projections can be tried again.
   *
   * @param store where their events are
   * @param codec as it is now, upcasters included
   * @param database where their read models are; is not closed
   * @param projections as they are now; a mended handler is the one that is called
   */
  public <S extends ReadStream & ReadPartitions> ParkedAggregates(
      S store,
      EventCodec codec,
      DataSource database,
      Collection<? extends Projection> projections) {
    this.transactions = new Transactions(database);
    this.stored = new StoredEvents(store);
    for (Projection projection : projections) {
      retries.put(ProjectionId.of(projection), new ParkedRetry(store, codec, projection));
    }
  }

  /** All that are parked, by whatever projection; those first that were parked first. */
  public List<ParkedAggregate> list() {
    return run("listed", connection -> new ParkedQueue(connection).all());
  }

  /**
   * One aggregate; empty if the projection has not parked it.
   *
   * @throws IllegalArgumentException if there is no such projection
   */
  public Optional<ParkedAggregate> find(String projection, StreamId stream) {
    ProjectionId id = retries(projection).id();
    return run("read", connection -> new ParkedQueue(connection).find(id, stream));
  }

  /**
   * Events that wait, in order, as the store has them.
   *
   * @param from version in the stream to begin with, from 1
   * @param limit how many at most
   * @throws IllegalArgumentException if there is no such projection
   */
  public List<WaitingEvent> waiting(String projection, StreamId stream, long from, int limit) {
    ProjectionId id = retries(projection).id();
    List<Pointer> pointers =
        run("read", connection -> new ParkedQueue(connection).waiting(id, stream, from, limit));
    return stored.of(stream, pointers);
  }

  /**
   * What was decided about an aggregate, in order; decisions outlive the parking.
   *
   * @throws IllegalArgumentException if there is no such projection
   */
  public List<ParkingDecision> decisions(String projection, StreamId stream) {
    ProjectionId id = retries(projection).id();
    return run("read", connection -> new ParkingDecisions(connection, id, stream).all());
  }

  /**
   * Applies all waiting events of an aggregate in order, in one transaction. The projection waits
   * meanwhile, then goes on with the aggregate's next events. Every attempt is recorded.
   *
   * @param who tries, 1 to 200 characters
   * @throws IllegalArgumentException if there is no such projection
   * @throws dev.headwater.store.StoreWentBackException if the store does not have the events that
   *     wait
   */
  public Retried retry(String projection, StreamId stream, String who) {
    ParkedRetry retry = retries(projection);
    require("who", who, WHO_LENGTH);
    return run("retried", connection -> retry.retry(connection, stream, who));
  }

  /**
   * Leaves an event out of the read model for good and records that; then tries the others like
   * {@link #retry}. A replay of the projection meets the event again.
   *
   * @param version of the event, in its stream
   * @param who decides, 1 to 200 characters
   * @param why 1 to 1,000 characters
   * @throws IllegalArgumentException if there is no such projection
   */
  public Skipped skip(String projection, StreamId stream, long version, String who, String why) {
    ProjectionId id = retries(projection).id();
    require("who", who, WHO_LENGTH);
    require("why", why, WHY_LENGTH);
    Optional<Pointer> skipped =
        run(
            "skipped",
            connection -> {
              ParkedQueue queue = new ParkedQueue(connection);
              if (queue.lock(id, stream).isEmpty()) {
                return Optional.empty();
              }
              Optional<Pointer> event =
                  queue.waiting(id, stream, version, 1).stream()
                      .filter(pointer -> pointer.version() == version)
                      .findAny();
              if (event.isPresent()) {
                queue.remove(id, stream, version);
                new ParkingDecisions(connection, id, stream).skipped(event.get(), who, why);
              }
              return event;
            });
    return skipped.isEmpty()
        ? new Skipped.NotWaiting()
        : new Skipped.Recorded(skipped.get().type(), retry(projection, stream, who));
  }

  /** By {@code orders@2}, or by the name where there is one version. */
  private ParkedRetry retries(String projection) {
    List<ProjectionId> found =
        retries.keySet().stream().filter(id -> id.isCalled(projection)).toList();
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          found.isEmpty()
              ? "there is no projection '" + projection + "'; there are " + retries.keySet()
              : "projection " + projection + " has several versions; name one of " + found);
    }
    return Objects.requireNonNull(retries.get(found.getFirst()));
  }

  private static void require(String name, String text, int length) {
    if (text.isBlank() || text.length() > length || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          name + " must have 1 to " + length + " characters, had " + text.length());
    }
  }

  private <T> T run(String what, Work<T, Exception> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return transactions.run(work);
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        boolean again =
            e instanceof SQLException && Failures.stateAfter(e) == ProjectionState.RETRYING;
        if (!again || attempt == ATTEMPTS) {
          throw new ReadModelException(
              "parked aggregates can't be " + what + ": " + Failures.describe(e), e);
        }
      }
    }
  }
}
