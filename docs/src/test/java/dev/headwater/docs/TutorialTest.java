package dev.headwater.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.CommandOutcome;
import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.aggregate.CommandOutcome.AlreadyHandled;
import dev.headwater.aggregate.CommandOutcome.NotDurable;
import dev.headwater.aggregate.CommandOutcome.Rejected;
import dev.headwater.aggregate.CommandOutcome.Unchanged;
import dev.headwater.aggregate.Decider;
import dev.headwater.aggregate.Rejection;
import dev.headwater.aggregate.RuntimeOptions;
import dev.headwater.codec.EventCodec;
import dev.headwater.event.Metadata;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.fixture.DeciderFixture;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.projection.Awaited;
import dev.headwater.projection.EventHandlers;
import dev.headwater.projection.ProgressListener;
import dev.headwater.projection.Projection;
import dev.headwater.projection.ProjectionRunner;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.readmodel.ReadModelFingerprint;
import dev.headwater.readmodel.Table;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.store.EventStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tutorial, step by step; docs/tutorial.md is cut from it. */
class TutorialTest {
  // tag::events
  sealed interface CopyEvent {}

  record CopyLent(String member, Instant due) implements CopyEvent {}

  record LoanRenewed(Instant due) implements CopyEvent {}

  record CopyReturned(String member, int daysLate) implements CopyEvent {}

  // end::events

  // tag::commands
  sealed interface CopyCommand {}

  record Lend(String member, Instant now) implements CopyCommand {}

  record Renew(Instant now) implements CopyCommand {}

  record TakeBack(Instant now) implements CopyCommand {}

  // end::commands

  // tag::state
  record Copy(@Nullable Loan loan) {}

  record Loan(String member, Instant due, int renewals) {}

  // end::state

  // tag::decider
  static final class Copies implements Decider<CopyCommand, Copy, CopyEvent> {
    private static final Duration LOAN = Duration.ofDays(28);
    private static final int MAX_RENEWALS = 2;

    @Override
    public Copy initial() {
      return new Copy(null);
    }

    @Override
    public List<CopyEvent> decide(CopyCommand command, Copy copy) {
      return switch (command) {
        case Lend c -> lend(c, copy);
        case Renew c -> renew(c, copy);
        case TakeBack c -> takeBack(c, copy);
      };
    }

    @Override
    public Copy evolve(Copy copy, CopyEvent event) {
      return switch (event) {
        case CopyLent e -> new Copy(new Loan(e.member(), e.due(), 0));
        case LoanRenewed e ->
            new Copy(new Loan(loanOf(copy).member(), e.due(), loanOf(copy).renewals() + 1));
        case CopyReturned e -> new Copy(null);
      };
    }

    // end::decider

    // tag::rules
    private static List<CopyEvent> lend(Lend c, Copy copy) {
      if (copy.loan() != null) {
        throw new Rejection("ON_LOAN", "it is lent to " + copy.loan().member());
      }
      return List.of(new CopyLent(c.member(), c.now().plus(LOAN)));
    }

    private static List<CopyEvent> renew(Renew c, Copy copy) {
      if (loanOf(copy).renewals() == MAX_RENEWALS) {
        throw new Rejection("RENEWED_TOO_OFTEN", "it was renewed " + MAX_RENEWALS + " times");
      }
      return List.of(new LoanRenewed(c.now().plus(LOAN)));
    }

    private static List<CopyEvent> takeBack(TakeBack c, Copy copy) {
      if (copy.loan() == null) {
        return List.of(); // it is on its shelf already
      }
      long late = Math.max(0, ChronoUnit.DAYS.between(copy.loan().due(), c.now()));
      return List.of(new CopyReturned(copy.loan().member(), (int) late));
    }

    private static Loan loanOf(Copy copy) {
      if (copy.loan() == null) {
        throw new Rejection("NOT_ON_LOAN", "it is not lent");
      }
      return copy.loan();
    }
    // end::rules
  }

  // tag::codec
  static final EventCodec CODEC =
      EventCodec.builder()
          .event("CopyLent", 1, CopyLent.class)
          .event("LoanRenewed", 1, LoanRenewed.class)
          .event("CopyReturned", 1, CopyReturned.class)
          .complete(CopyEvent.class)
          .build();

  // end::codec

  // tag::projection
  static final class Loans implements Projection {
    static final Table LOANS =
        Table.named("loans").key("copy_id").columns("member", "due", "renewals");
    static final Table MEMBERS =
        Table.named("members").key("member").columns("borrowed", "late_returns");

    @Override
    public String name() {
      return "loans";
    }

    @Override
    public List<Table> tables() {
      return List.of(LOANS, MEMBERS);
    }

    @Override
    public void define(EventHandlers on) {
      on.event(
          CopyLent.class,
          (event, recorded, rows) -> {
            rows.at(LOANS, recorded.stream().id())
                .set("member", event.member())
                .set("due", event.due())
                .set("renewals", 0);
            rows.at(MEMBERS, event.member()).add("borrowed", 1);
          });
      on.event(
          LoanRenewed.class,
          (event, recorded, rows) ->
              rows.at(LOANS, recorded.stream().id()).set("due", event.due()).add("renewals", 1));
      on.event(
          CopyReturned.class,
          (event, recorded, rows) -> {
            rows.at(LOANS, recorded.stream().id()).delete();
            rows.at(MEMBERS, event.member()).add("late_returns", event.daysLate() > 0 ? 1 : 0);
          });
    }
  }

  // end::projection

  // tag::examples
  private static final Instant MONDAY = Instant.parse("2026-03-02T10:00:00Z");
  private static final Instant FOUR_WEEKS_LATER = Instant.parse("2026-03-30T10:00:00Z");

  @Test
  void a_copy_on_loan_is_not_lent_again() {
    DeciderFixture.of(new Copies())
        .given(new CopyLent("anna", FOUR_WEEKS_LATER))
        .when(new Lend("ben", MONDAY))
        .thenRejected("ON_LOAN");
  }

  @Test
  void a_return_after_the_due_day_counts_the_days() {
    DeciderFixture.of(new Copies())
        .given(new CopyLent("anna", FOUR_WEEKS_LATER))
        .when(new TakeBack(FOUR_WEEKS_LATER.plus(Duration.ofDays(3))))
        .then(new CopyReturned("anna", 3));
  }

  // end::examples

  @Test
  void the_other_rules() {
    DeciderFixture.of(new Copies())
        .given(
            new CopyLent("anna", MONDAY),
            new LoanRenewed(MONDAY),
            new LoanRenewed(FOUR_WEEKS_LATER))
        .when(new Renew(MONDAY))
        .thenRejected("RENEWED_TOO_OFTEN");
    DeciderFixture.of(new Copies()).when(new Renew(MONDAY)).thenRejected("NOT_ON_LOAN");
    DeciderFixture.of(new Copies()).when(new TakeBack(MONDAY)).thenNothing();
  }

  @Test
  void commands_lead_to_events_in_a_store_in_memory() {
    // tag::runtime
    EventStore store = new InMemoryEventStore();
    AggregateRuntime<CopyCommand, Copy, CopyEvent> copies =
        AggregateRuntime.create(
            "Copy", new Copies(), CopyEvent.class, CODEC, store, RuntimeOptions.DEFAULT);
    // end::runtime

    // tag::handle
    CommandOutcome<CopyEvent> outcome =
        copies.handleAndWait(
            "moby-dick-1",
            "command-1",
            Metadata.at(MONDAY).withActor("librarian"),
            new Lend("anna", MONDAY));
    // end::handle
    String answer =
        // tag::outcome
        switch (outcome) {
          case Accepted<CopyEvent> a -> "stored up to version " + a.receipt().lastVersion();
          case Rejected<CopyEvent> r -> "refused: " + r.message();
          case Unchanged<CopyEvent> u -> "nothing to do";
          case NotDurable<CopyEvent> n -> "stored, but " + n.reason();
          case AlreadyHandled<CopyEvent> h -> "done before, at version " + h.firstVersion();
        };
    // end::outcome
    assertThat(answer).isEqualTo("stored up to version 1");

    // tag::again
    CommandOutcome<CopyEvent> again =
        copies.handleAndWait(
            "moby-dick-1", "command-1", Metadata.at(MONDAY), new Lend("anna", MONDAY));

    assertThat(again).isInstanceOf(AlreadyHandled.class);
    assertThat(store.readAll(new StreamId("Copy", "moby-dick-1"), 1)).hasSize(1);
    // end::again
  }

  @Test
  void the_same_on_redis_with_a_read_model_in_sql(@TempDir Path folder) throws SQLException {
    // tag::redis
    try (RedisServer server = RedisServer.start(RedisServerOptions.in(folder.resolve("redis")));
        EventStore store =
            RedisEventStore.connect(RedisStoreOptions.at(server.uri()).withNamespace("library"))) {
      AggregateRuntime<CopyCommand, Copy, CopyEvent> copies =
          AggregateRuntime.create(
              "Copy", new Copies(), CopyEvent.class, CODEC, store, RuntimeOptions.DEFAULT);
      // end::redis
      lendAndRenew(copies);

      // tag::read
      for (RecordedEvent event : store.readAll(new StreamId("Copy", "moby-dick-1"), 1).toList()) {
        System.out.println(event);
      }
      // end::read
      assertThat(store.readAll(new StreamId("Copy", "moby-dick-1"), 1).map(RecordedEvent::toString))
          .containsExactly(
              "Copy:moby-dick-1@1 CopyLent#1"
                  + " {\"member\":\"anna\",\"due\":\"2026-03-30T10:00:00Z\"}",
              "Copy:moby-dick-1@2 LoanRenewed#1 {\"due\":\"2026-04-27T10:00:00Z\"}");

      project(store, copies, folder);
    }
  }

  private static void lendAndRenew(AggregateRuntime<CopyCommand, Copy, CopyEvent> copies) {
    // tag::fill
    copies.handleAndWait("moby-dick-1", "command-1", Metadata.at(MONDAY), new Lend("anna", MONDAY));
    copies.handleAndWait(
        "moby-dick-1", "command-2", Metadata.at(FOUR_WEEKS_LATER), new Renew(FOUR_WEEKS_LATER));
    // end::fill
  }

  private static void project(
      EventStore store, AggregateRuntime<CopyCommand, Copy, CopyEvent> copies, Path folder)
      throws SQLException {
    // tag::run-projection
    try (HikariDataSource database = ReadModelDatabase.h2File(folder.resolve("library"))) {
      Migrations.framework(database);
      Migrations.application(database, "classpath:db/library");
      try (ProjectionRunner runner =
          new ProjectionRunner(store, CODEC, database, List.of(new Loans()))) {
        runner.start();
        // end::run-projection

        // tag::read-your-write
        CommandOutcome<CopyEvent> outcome =
            copies.handleAndWait(
                "emma-1", "command-3", Metadata.at(MONDAY), new Lend("anna", MONDAY));
        if (outcome instanceof Accepted<CopyEvent> accepted) {
          Awaited shown =
              runner.await(accepted.receipt().position(), "loans", Duration.ofSeconds(10));
          assertThat(shown).isEqualTo(new Awaited.Reached());
        }
        // end::read-your-write

        assertThat(runner.awaitCaughtUp(Duration.ofSeconds(10))).isEqualTo(new Awaited.Reached());
        assertThat(overdue(database, Instant.parse("2026-04-01T00:00:00Z")))
            .containsExactly("emma-1 anna");

        // tag::replay
        ReadModelFingerprint before = ReadModelFingerprint.of(database, new Loans().tables());

        Awaited replayed = runner.replay(Set.of("loans"), ProgressListener.NONE);

        assertThat(replayed).isEqualTo(new Awaited.Reached());
        assertThat(ReadModelFingerprint.of(database, new Loans().tables())).isEqualTo(before);
        // end::replay
      }
    }
  }

  // tag::query
  static List<String> overdue(DataSource database, Instant now) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT copy_id, member FROM loans WHERE due < '" + now + "' ORDER BY due")) {
      while (row.next()) {
        found.add(row.getString("copy_id") + " " + row.getString("member"));
      }
    }
    return found;
  }
  // end::query
}
