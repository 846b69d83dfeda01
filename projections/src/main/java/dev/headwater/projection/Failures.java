package dev.headwater.projection;

import dev.headwater.readmodel.internal.OneLine;
import dev.headwater.store.StoreUnavailableException;
import dev.headwater.store.StoreWentBackException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells what to do about a failure: try again, give up on an event, or stop. */
final class Failures {
  /**
   * SQLSTATE classes of what may pass: connection, rollback, resources, object in use, operator
   * intervention, system error.
   */
  private static final Set<String> PASSING = Set.of("08", "40", "53", "55", "57", "58");

  /** Timeouts of statements and connections. The rest of class HY is driver errors that stay. */
  private static final Set<String> TIMEOUTS = Set.of("HYT00", "HYT01");

  /** H2's own states for a database that is closed, in use elsewhere, or whose file fails. */
  private static final Set<String> PASSING_IN_H2 =
      Set.of("90007", "90020", "90028", "90031", "90067", "90098", "90121", "90131");

  /**
   * PostgreSQL's own: a server that is read-only, as a replica is until it takes over, and
   * transactions that took too long.
   */
  private static final Set<String> PASSING_IN_POSTGRESQL = Set.of("25006", "25P03", "25P04");

  /** PostgreSQL's own: internal errors, plans that a change of tables has outdated. */
  private static final Set<String> UNEXPLAINED = Set.of("XX000", "0A000");

  /**
   * SQLSTATE classes of refused values: two rows of a statement that are the same one, data,
   * constraint, external routine, check option, program limit, exception raised by a trigger. A
   * missing table or column is not the values' fault.
   */
  private static final Set<String> REFUSING = Set.of("21", "22", "23", "38", "44", "54", "P0");

  private Failures() {}

  static ProjectionState stateAfter(Throwable failure) {
    if (failure instanceof VersionDroppedException) {
      return ProjectionState.DROPPED;
    }
    if (failure instanceof StoreWentBackException) {
      return ProjectionState.STOPPED;
    }
    return passes(failure) || isUnexplained(failure)
        ? ProjectionState.RETRYING
        : ProjectionState.FAILED;
  }

  private static boolean passes(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoreUnavailableException
          || (cause instanceof SQLException sql && mayPass(sql))) {
        return true;
      }
    }
    return false;
  }

  /** Whether nothing tells if it may pass: worth a few attempts, but not endless ones. */
  static boolean isUnexplained(Throwable failure) {
    SQLException sql = sqlCause(failure);
    return sql != null
        && (!hasState(sql) || UNEXPLAINED.contains(sql.getSQLState()))
        && !passes(failure);
  }

  private static boolean hasState(SQLException failure) {
    String state = failure.getSQLState();
    return state != null && state.length() == 5;
  }

  private static boolean mayPass(SQLException failure) {
    String state = failure.getSQLState();
    return failure instanceof SQLTransientException
        || failure instanceof SQLRecoverableException
        || (state != null
            && hasState(failure)
            && (PASSING.contains(state.substring(0, 2))
                || TIMEOUTS.contains(state)
                || PASSING_IN_H2.contains(state)
                || PASSING_IN_POSTGRESQL.contains(state)));
  }

  /** Whether a failure is an event's. */
  enum Blame {
    /** No event is to be blamed: it may pass, or it would meet every event. */
    NO_EVENT,
    /** The database refused rows that one of the events made that were applied together. */
    ONE_OF_THEM,
    /** The event that was being handled. */
    THE_EVENT
  }

  /**
   * Whether one event is to be blamed for a failure while events were applied.
   *
   * @param unexplained whether that may be so where nothing explains the failure
   */
  static Blame blame(Throwable failure, boolean unexplained) {
    if (passes(failure)) {
      return Blame.NO_EVENT;
    }
    boolean named = failure instanceof EventFailedException;
    SQLException sql = sqlCause(failure);
    if (sql == null || !hasState(sql)) {
      return named && (sql == null || unexplained) ? Blame.THE_EVENT : Blame.NO_EVENT;
    }
    String state = String.valueOf(sql.getSQLState());
    return REFUSING.contains(state.substring(0, 2)) ? Blame.ONE_OF_THEM : Blame.NO_EVENT;
  }

  private static @Nullable SQLException sqlCause(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }

  /** One line for people. */
  static String describe(Throwable failure) {
    return OneLine.of(failure);
  }
}
