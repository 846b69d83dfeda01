package dev.headwater.projection;

import dev.headwater.projection.Failures.Blame;
import dev.headwater.readmodel.ReadModel;
import dev.headwater.readmodel.RowBatch;
import java.sql.Connection;
import java.sql.Savepoint;
import java.util.List;

/**
 * Applies events of which some can't be applied, in one transaction, and finds out which.
 *
 * <p>A handler that throws names its event. A refusal by the database does not: rows are merged, so
 * the statement that fails holds the changes of many events. Then the events go back to a savepoint
 * and are applied again by halves, from left to right, until what is refused is a single event. A
 * batch of n events with k culprits so costs O(k log n) savepoints, and each event is handled a few
 * times. Order holds: a range is begun when everything before it is applied or blamed.
 */
final class Isolation {
  /** What to do about the events that are found. */
  interface Verdict {
    /** Whether an event is not to be applied, because its aggregate waits. */
    boolean waits(PartitionEvent event);

    /** An event can't be applied. Asked about it again, {@link #waits} says yes. */
    void blame(Culprit culprit) throws Exception;
  }

  private final Connection connection;
  private final ReadModel readModel;
  private final EventDispatcher dispatcher;
  private final boolean blameUnexplained;
  private final Verdict verdict;

  /**
   * @param blameUnexplained whether failures of a handler that nothing explains are its event's
   */
  Isolation(
      Connection connection,
      ReadModel readModel,
      EventDispatcher dispatcher,
      boolean blameUnexplained,
      Verdict verdict) {
    this.connection = connection;
    this.readModel = readModel;
    this.dispatcher = dispatcher;
    this.blameUnexplained = blameUnexplained;
    this.verdict = verdict;
  }

  /**
   * Applies events in order.
   *
   * @throws Exception a failure that is not to be blamed on an event, or what {@link Verdict#blame}
   *     throws; the transaction is then to be rolled back
   */
  void apply(List<PartitionEvent> events) throws Exception {
    List<PartitionEvent> rest = events;
    while (!rest.isEmpty()) {
      rest = rest.subList(applySome(rest), rest.size());
    }
  }

  /** Applies events from the first on, all of them or up to behind a culprit; how many. */
  private int applySome(List<PartitionEvent> events) throws Exception {
    Savepoint before = connection.setSavepoint();
    int reached = 0;
    try {
      RowBatch rows = readModel.batch(connection);
      for (; reached < events.size(); reached++) {
        PartitionEvent event = events.get(reached);
        if (!verdict.waits(event)) {
          dispatcher.dispatch(event, rows);
        }
      }
      rows.flush();
      connection.releaseSavepoint(before);
      return events.size();
    } catch (Exception e) {
      Blame blame = Failures.blame(e, blameUnexplained);
      if (blame == Blame.NO_EVENT) {
        throw e;
      }
      connection.rollback(before);
      connection.releaseSavepoint(before);
      List<PartitionEvent> tried = events.subList(0, Math.min(reached + 1, events.size()));
      search(tried, blame, e);
      return tried.size();
    }
  }

  private void search(List<PartitionEvent> tried, Blame blame, Exception failure) throws Exception {
    int last = tried.size() - 1;
    if (last == 0 || blame == Blame.THE_EVENT) {
      apply(tried.subList(0, last));
      // It failed with those before it applied or blamed, and one of these may be of its aggregate.
      if (!verdict.waits(tried.get(last))) {
        verdict.blame(new Culprit(tried.get(last), EventFailedException.causeOf(failure)));
      }
    } else {
      int middle = tried.size() / 2;
      apply(tried.subList(0, middle));
      apply(tried.subList(middle, tried.size()));
    }
  }
}
