package dev.headwater.process;

import dev.headwater.aggregate.CommandOutcome;
import dev.headwater.effect.EffectId;
import dev.headwater.effect.EffectSettings;
import dev.headwater.event.Metadata;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.process.Reaction.TimerChange;
import dev.headwater.readmodel.ReadModelException;
import dev.headwater.readmodel.internal.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/*
 * An input is reacted to in one transaction: it locks the instance, sees whether the input is known, and writes the new
 * state, the commands and the timers. Only then are commands sent, in their order, and removed as they are answered.
 *
 * So the decision is made once. Were commands sent first, an input that comes again after a crash could meet another
 * state, because an event of another stream was faster, and decide on other commands under the ids of those that were
 * sent. Here an input that comes again is known, and what is left to do is to send what was not answered, under the ids
 * that it was given: the store recognises those that it has.
 */

/** Reacts to the inputs of a process, each once, and sends its commands. Thread-safe. */
final class ProcessEngine<E, S, C> {
  private static final String UNIQUE_VIOLATION = "23505";

  private final ProcessParts<E, S, C> parts;
  private final ProcessDefinition<E, S, C> definition;
  private final Transactions database;
  private final InstanceTable<S> instances;
  private final CommandTable commands;
  private final Timers timers;

  ProcessEngine(
      ProcessParts<E, S, C> parts, DataSource database, EffectSettings settings, Duration look) {
    this.parts = parts;
    this.definition = parts.definition();
    this.database = new Transactions(database);
    this.instances = new InstanceTable<>(definition.name(), parts.states());
    this.commands = new CommandTable(definition.name());
    this.timers = new Timers(definition.name(), database, settings, look, this::due);
  }

  Timers timers() {
    return timers;
  }

  /** Reacts to an event. */
  void happened(E event, RecordedEvent recorded, EffectId id) throws SQLException {
    String instance = definition.instanceOf(event, recorded.stream()).orElse(null);
    if (instance == null) {
      return;
    }
    Metadata metadata =
        recorded
            .metadata()
            .withCause(recorded.metadata().correlationId(), recorded.commitId())
            .withActor("process " + definition.name());
    ProcessInput input = new ProcessInput(id.toString(), metadata, recorded);
    decide(
        connection -> {
          InstanceTable.Stored<S> stored = instances.lock(connection, instance);
          if (!stored.ended()
              && instances.seen(connection, instance, recorded) < recorded.version()) {
            S state = stateOf(instance, stored);
            Reaction<S, C> reaction = definition.react(state, event);
            boolean begins =
                stored.version() > 0 || !reaction.equals(Reaction.to(definition.initial(instance)));
            if (begins) {
              store(connection, instance, stored.version(), input, reaction);
            }
          }
          return true;
        });
    send(instance);
  }

  private S stateOf(String instance, InstanceTable.Stored<S> stored) {
    @Nullable S state = stored.state();
    return state == null ? definition.initial(instance) : state;
  }

  /** Reacts to what an instance has asked for, unless it was cancelled. */
  private void due(String instance, String inputId) {
    try {
      decide(
          connection -> {
            InstanceTable.Stored<S> stored = instances.lock(connection, instance);
            DueInput due = timers.find(connection, inputId);
            if (due != null) {
              timers.remove(connection, inputId);
              if (!stored.ended()) {
                Reaction<S, C> reaction = react(stateOf(instance, stored), due);
                ProcessInput input = new ProcessInput(inputId, due.metadata(), null);
                store(connection, instance, stored.version(), input, reaction);
              }
            }
            return true;
          });
      send(instance);
    } catch (SQLException e) {
      throw new ReadModelException(
          "process " + definition.name() + " can't react now: " + e.getMessage(), e);
    }
  }

  private Reaction<S, C> react(S state, DueInput due) {
    if (due.kind() == DueInput.Kind.TIMER) {
      return definition.timedOut(state, due.name());
    }
    String[] lines = due.detail().split("\n", 2);
    return definition.rejected(state, new RejectedCommand(due.name(), lines[1], lines[0]));
  }

  private void decide(Transactions.Work<Boolean, SQLException> work) throws SQLException {
    try {
      database.run(work);
    } catch (SQLException e) {
      if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
        throw e;
      }
      database.run(work); // another one has begun the instance meanwhile
    }
  }

  private void store(
      Connection connection,
      String instance,
      long version,
      ProcessInput input,
      Reaction<S, C> reaction)
      throws SQLException {
    instances.store(connection, instance, version, reaction.state(), reaction.ended());
    if (input.source() != null) {
      instances.see(connection, instance, input.source());
    }
    for (int i = 0; i < reaction.commands().size(); i++) {
      Reaction.Sending<C> sending = reaction.commands().get(i);
      commands.add(
          connection,
          instance,
          derivedId("command", i, instance, input.id()),
          sending.aggregateId(),
          parts.commands().encode(sending.command()),
          input.metadata());
    }
    for (int i = 0; i < reaction.timers().size(); i++) {
      change(connection, instance, input, i, reaction.timers().get(i));
    }
    if (reaction.ended()) {
      timers.cancel(connection, instance, null);
    }
  }

  private void change(
      Connection connection, String instance, ProcessInput input, int index, TimerChange change)
      throws SQLException {
    switch (change) {
      case TimerChange.Cancelled(String timer) -> timers.cancel(connection, instance, timer);
      case TimerChange.Started(String timer, Duration delay) ->
          start(connection, instance, input, index, timer, input.metadata().time().plus(delay));
      case TimerChange.StartedAt(String timer, Instant at) ->
          start(connection, instance, input, index, timer, at);
    }
  }

  private void start(
      Connection connection,
      String instance,
      ProcessInput input,
      int index,
      String timer,
      Instant at)
      throws SQLException {
    timers.cancel(connection, instance, timer);
    String id = derivedId("timer", index, instance, input.id());
    Metadata metadata = caused(input.metadata(), id, at);
    DueInput due = new DueInput(id, DueInput.Kind.TIMER, timer, "", metadata);
    timers.add(connection, instance, due, at);
  }

  private static Metadata caused(Metadata by, String inputId, Instant at) {
    return new Metadata(
        Metadata.micros(at), by.correlationId(), inputId, by.actor(), by.traceparent());
  }

  /** The same whenever the input comes. */
  private String derivedId(String what, int index, String instance, String inputId) {
    return EffectId.nameBased(
            definition.name() + "|" + what + "|" + index + "|" + inputId + "|" + instance)
        .toString();
  }

  /** Sends the commands of an instance that are not answered, in their order. */
  private void send(String instance) throws SQLException {
    while (true) {
      PendingCommand next =
          database.run(connection -> commands.first(connection, instance)).orElse(null);
      if (next == null) {
        return;
      }
      CommandOutcome<?> outcome =
          parts
              .sender()
              .send(next.aggregateId(), next.commandId(), next.metadata(), decode(instance, next));
      if (outcome instanceof CommandOutcome.NotDurable<?> notDurable) {
        throw new IllegalStateException(
            "command " + next.commandId() + " is not durable yet: " + notDurable.reason());
      }
      answered(instance, next, outcome);
    }
  }

  private void answered(String instance, PendingCommand command, CommandOutcome<?> outcome)
      throws SQLException {
    boolean isRejected =
        database.run(
            connection -> {
              if (!commands.remove(connection, command)
                  || !(outcome instanceof CommandOutcome.Rejected<?> rejected)) {
                return false;
              }
              String id = derivedId("rejected", 0, instance, command.commandId());
              Instant now = Instant.now();
              DueInput input =
                  new DueInput(
                      id,
                      DueInput.Kind.REJECTED,
                      command.type().name(),
                      rejected.code() + "\n" + command.aggregateId(),
                      caused(command.metadata(), id, now));
              timers.add(connection, instance, input, now);
              return true;
            });
    if (isRejected) {
      timers.lookNow();
    }
  }

  @SuppressWarnings("unchecked") // what was encoded was a command
  private C decode(String instance, PendingCommand command) {
    StreamId where = new StreamId("process-" + definition.name(), instance);
    return (C)
        parts
            .commands()
            .decode(
                new RecordedEvent(
                    where,
                    command.number(),
                    command.commandId(),
                    command.type(),
                    command.metadata().toJson(),
                    command.command()));
  }
}
