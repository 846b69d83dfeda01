package dev.headwater.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.jdbc.DefaultJdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.headwater.effect.EffectSettings;
import dev.headwater.event.Metadata;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The inputs that the instances of a process have asked for. A row of {@code process_timer} is the
 * truth: without it nothing is due. db-scheduler wakes the process, at least once.
 */
final class Timers implements AutoCloseable {
  private static final String SCHEDULED = "headwater.scheduled_tasks";
  private static final int MISSED_BEATS = 4;
  private static final int THREADS = 4;
  private static final Duration NEVER = Duration.ofDays(36_500);

  private final String process;
  private final OneTimeTask<String> task;

  /** For both vendors: its times have zones. Told, because for H2 it would warn each time. */
  private static final JdbcCustomization PLAIN = new DefaultJdbcCustomization(false);

  private final Scheduler scheduler;

  /** Reacts to an input that may be due. */
  interface Due {
    void react(String instance, String inputId);
  }

  Timers(String process, DataSource database, EffectSettings settings, Duration look, Due due) {
    this.process = process;
    this.task =
        Tasks.oneTime("process-" + process, String.class)
            .onFailure(
                (complete, operations) -> {
                  int failures = complete.getExecution().consecutiveFailures;
                  operations.reschedule(
                      complete, Instant.now().plus(settings.pauseAfter(failures + 1)));
                })
            .execute((instance, context) -> due.react(instance.getData(), instance.getId()));
    this.scheduler =
        Scheduler.create(database, task)
            .tableName(SCHEDULED)
            .serializer(new TextSerializer())
            .jdbcCustomization(PLAIN)
            .schedulerName(new SchedulerName.Fixed(UUID.randomUUID().toString()))
            .threads(THREADS)
            .pollingInterval(look)
            .heartbeatInterval(settings.abandonedAfter().dividedBy(MISSED_BEATS))
            .missedHeartbeatsLimit(MISSED_BEATS)
            .deleteUnresolvedAfter(NEVER) // they are another process's
            .shutdownMaxWait(settings.abandonedAfter().dividedBy(3))
            .build();
  }

  void start() {
    scheduler.start();
  }

  @Override
  public void close() {
    scheduler.stop();
  }

  /** Something may be due now. */
  void lookNow() {
    scheduler.triggerCheckForDueExecutions();
  }

  private SchedulerClient on(Connection connection) {
    return SchedulerClient.Builder.create(new OneConnection(connection), task)
        .tableName(SCHEDULED)
        .serializer(new TextSerializer())
        .jdbcCustomization(PLAIN)
        .build();
  }

  /** Adds an input, in the connection's transaction. */
  void add(Connection connection, String instance, DueInput input, Instant at) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO headwater.process_timer (input_id, process, instance, kind, name, detail,"
                + " metadata, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")) {
      insert.setString(1, input.id());
      insert.setString(2, process);
      insert.setString(3, instance);
      insert.setString(4, input.kind().name());
      insert.setString(5, input.name());
      insert.setString(6, input.detail());
      insert.setString(7, new String(input.metadata().toJson(), UTF_8));
      insert.setObject(8, OffsetDateTime.ofInstant(at, ZoneOffset.UTC));
      insert.executeUpdate();
    }
    if (!on(connection).scheduleIfNotExists(task.instance(input.id(), instance), at)) {
      throw new IllegalStateException("input " + input.id() + " was added before");
    }
  }

  /** The input, unless it was cancelled or reacted to. */
  @Nullable DueInput find(Connection connection, String inputId) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT kind, name, detail, metadata FROM headwater.process_timer"
                + " WHERE input_id = ?")) {
      select.setString(1, inputId);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next()
            ? new DueInput(
                inputId,
                DueInput.Kind.valueOf(rows.getString(1)),
                rows.getString(2),
                rows.getString(3),
                Metadata.fromJson(rows.getString(4).getBytes(UTF_8)))
            : null;
      }
    }
  }

  void remove(Connection connection, String inputId) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM headwater.process_timer WHERE input_id = ?")) {
      delete.setString(1, inputId);
      delete.executeUpdate();
    }
  }

  /** Cancels a timer, or all of the instance; what is due of them finds nothing to react to. */
  void cancel(Connection connection, String instance, @Nullable String timer) throws SQLException {
    String which =
        " WHERE process = ? AND instance = ? AND kind = 'TIMER'"
            + (timer == null ? "" : " AND name = ?");
    try (PreparedStatement wakings =
            connection.prepareStatement(
                "DELETE FROM headwater.scheduled_tasks WHERE NOT picked AND task_name = ?"
                    + " AND task_instance IN (SELECT input_id FROM headwater.process_timer"
                    + which
                    + ")");
        PreparedStatement timers =
            connection.prepareStatement("DELETE FROM headwater.process_timer" + which)) {
      wakings.setString(1, task.getName());
      bind(wakings, 2, instance, timer);
      wakings.executeUpdate();
      bind(timers, 1, instance, timer);
      timers.executeUpdate();
    }
  }

  private void bind(PreparedStatement statement, int first, String instance, @Nullable String timer)
      throws SQLException {
    statement.setString(first, process);
    statement.setString(first + 1, instance);
    if (timer != null) {
      statement.setString(first + 2, timer);
    }
  }

  /** Text as text: nothing is read back that could be made to run something. */
  private static final class TextSerializer implements Serializer {
    @Override
    public byte[] serialize(Object data) {
      return data.toString().getBytes(UTF_8);
    }

    @Override
    public <T> T deserialize(Class<T> type, byte[] data) {
      return type.cast(new String(data, UTF_8));
    }
  }
}
