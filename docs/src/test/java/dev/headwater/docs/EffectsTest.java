package dev.headwater.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.Decider;
import dev.headwater.aggregate.RuntimeOptions;
import dev.headwater.codec.EventCodec;
import dev.headwater.codec.StateCodec;
import dev.headwater.docs.TutorialTest.Copies;
import dev.headwater.docs.TutorialTest.Copy;
import dev.headwater.docs.TutorialTest.CopyCommand;
import dev.headwater.docs.TutorialTest.CopyEvent;
import dev.headwater.docs.TutorialTest.CopyLent;
import dev.headwater.docs.TutorialTest.CopyReturned;
import dev.headwater.docs.TutorialTest.Lend;
import dev.headwater.docs.TutorialTest.LoanRenewed;
import dev.headwater.effect.DeadLetter;
import dev.headwater.effect.DeadLetters;
import dev.headwater.effect.DeadLetters.Retried;
import dev.headwater.effect.Effect;
import dev.headwater.effect.EffectHandlers;
import dev.headwater.effect.EffectRunner;
import dev.headwater.effect.EffectSettings;
import dev.headwater.effect.StartAt;
import dev.headwater.event.Metadata;
import dev.headwater.event.StreamId;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.process.ProcessDefinition;
import dev.headwater.process.ProcessFixture;
import dev.headwater.process.ProcessParts;
import dev.headwater.process.ProcessRunner;
import dev.headwater.process.Reaction;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.ReadModelDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The code of the pages about effects and process managers. */
class EffectsTest {
  private static final Instant MONDAY = Instant.parse("2026-03-02T10:00:00Z");
  private static final EffectSettings QUICK =
      EffectSettings.DEFAULT.withAttempts(2, Duration.ofMillis(5), Duration.ofMillis(10));

  private final InMemoryEventStore store = new InMemoryEventStore(2);
  private final HikariDataSource database = ReadModelDatabase.h2InMemory("effects");
  private final AggregateRuntime<CopyCommand, Copy, CopyEvent> copies =
      AggregateRuntime.create(
          "Copy", new Copies(), CopyEvent.class, TutorialTest.CODEC, store, RuntimeOptions.DEFAULT);

  EffectsTest() {
    Migrations.framework(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** Stands for a mail service that takes an idempotency key. */
  static final class MailService {
    final Map<String, String> sent = new ConcurrentHashMap<>();
    volatile boolean down;

    void send(String idempotencyKey, String to, String text) {
      if (down) {
        throw new IllegalStateException("no connection");
      }
      sent.putIfAbsent(idempotencyKey, to + ": " + text);
    }
  }

  // tag::effect
  static final class LoanMails implements Effect {
    private final MailService mail;

    LoanMails(MailService mail) {
      this.mail = mail;
    }

    @Override
    public String name() {
      return "loan-mails";
    }

    @Override
    public StartAt startAt() {
      return StartAt.end(); // nobody wants mails about the loans of last year
    }

    @Override
    public void define(EffectHandlers on) {
      on.event(
          CopyLent.class,
          (lent, recorded, id) ->
              mail.send(
                  id.toString(), lent.member(), recorded.stream().id() + " is yours for a while"));
    }
  }

  // end::effect

  static void await(BooleanSupplier holds) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
      LockSupport.parkNanos(2_000_000);
    }
  }

  private void lend(String copy, String member) {
    copies.handleAndWait(copy, copy + member, Metadata.at(MONDAY), new Lend(member, MONDAY));
  }

  @Test
  void effects_and_dead_letters() {
    MailService mail = new MailService();
    lend("emma-1", "carl");
    EffectSettings settings = QUICK;
    // tag::run-effect
    Effect loanMails = new LoanMails(mail);
    try (EffectRunner effects =
        new EffectRunner(store, TutorialTest.CODEC, database, List.of(loanMails), settings)) {
      effects.start();
      // end::run-effect
      await(() -> effects.status().getFirst().state().name().equals("RUNNING"));
      mail.down = true;
      lend("moby-dick-1", "anna");
      DeadLetters waiting = new DeadLetters(loanMails, store, TutorialTest.CODEC, database);
      await(() -> !waiting.list().isEmpty());
      mail.down = false;
      // tag::dead-letters
      DeadLetters letters = new DeadLetters(loanMails, store, TutorialTest.CODEC, database);
      for (DeadLetter letter : letters.list()) {
        System.out.println(letter.error() + " at " + letters.event(letter));
        Retried retried = letters.retry(letter.stream(), "operator anna");
        assertThat(retried).isEqualTo(new Retried.Done(1));
      }
      // end::dead-letters
    }
    assertThat(mail.sent.values()).containsExactly("anna: moby-dick-1 is yours for a while");
  }

  sealed interface MemberCommand {}

  record Remind(String copy) implements MemberCommand {}

  sealed interface MemberEvent {}

  record Reminded(String copy) implements MemberEvent {}

  /** What members were told. */
  static final class Members implements Decider<MemberCommand, Integer, MemberEvent> {
    @Override
    public Integer initial() {
      return 0;
    }

    @Override
    public List<MemberEvent> decide(MemberCommand command, Integer reminders) {
      return switch (command) {
        case Remind(String copy) -> List.of(new Reminded(copy));
      };
    }

    @Override
    public Integer evolve(Integer reminders, MemberEvent event) {
      return reminders + 1;
    }
  }

  // tag::process
  record Loan(String copy, String member) {}

  static final class Reminders implements ProcessDefinition<CopyEvent, Loan, MemberCommand> {
    @Override
    public String name() {
      return "reminders";
    }

    @Override
    public StartAt startAt() {
      return StartAt.end();
    }

    @Override
    public List<Class<? extends CopyEvent>> events() {
      return List.of(CopyEvent.class);
    }

    @Override
    public Optional<String> instanceOf(CopyEvent event, StreamId stream) {
      return Optional.of(stream.id()); // one instance for each copy
    }

    @Override
    public Loan initial(String copy) {
      return new Loan(copy, "");
    }

    @Override
    public Reaction<Loan, MemberCommand> react(Loan loan, CopyEvent event) {
      return switch (event) {
        case CopyLent(String member, Instant due) ->
            Reaction.<Loan, MemberCommand>to(new Loan(loan.copy(), member))
                .startTimerAt("overdue", due);
        case LoanRenewed(Instant due) ->
            Reaction.<Loan, MemberCommand>to(loan).startTimerAt("overdue", due);
        case CopyReturned returned ->
            Reaction.<Loan, MemberCommand>to(new Loan(loan.copy(), "")).cancelTimer("overdue");
      };
    }

    @Override
    public Reaction<Loan, MemberCommand> timedOut(Loan loan, String timer) {
      return Reaction.<Loan, MemberCommand>to(loan)
          .send(loan.member(), new Remind(loan.copy()))
          .startTimer("overdue", Duration.ofDays(7)); // and again in a week
    }
  }

  // end::process

  @Test
  void a_process_by_example() {
    Instant due = MONDAY;
    // tag::process-fixture
    ProcessFixture<CopyEvent, Loan, MemberCommand> reminders =
        ProcessFixture.of(new Reminders(), "moby-dick-1");
    reminders.whenHappened(new CopyLent("anna", due)).thenStartsTimerAt("overdue", due);
    reminders
        .given(new CopyLent("anna", due))
        .whenTimedOut("overdue")
        .thenSends("anna", new Remind("moby-dick-1"))
        .thenStartsTimer("overdue", Duration.ofDays(7));
    reminders
        .given(new CopyLent("anna", due))
        .whenHappened(new CopyReturned("anna", 0))
        .thenCancelsTimer("overdue");
    // end::process-fixture
  }

  @Test
  void a_process_that_runs() {
    EventCodec memberEvents = EventCodec.builder().event("Reminded", 1, Reminded.class).build();
    AggregateRuntime<MemberCommand, Integer, MemberEvent> members =
        AggregateRuntime.create(
            "Member",
            new Members(),
            MemberEvent.class,
            memberEvents,
            store,
            RuntimeOptions.DEFAULT);
    EffectSettings settings = QUICK;
    // tag::run-process
    EventCodec commands = EventCodec.builder().event("Remind", 1, Remind.class).build();
    ProcessParts<CopyEvent, Loan, MemberCommand> parts =
        new ProcessParts<>(
            new Reminders(),
            StateCodec.json("loan", 1, Loan.class),
            commands,
            members::handleAndWait);
    try (ProcessRunner reminders =
        ProcessRunner.create(
            parts, store, TutorialTest.CODEC, database, settings, ProcessRunner.LOOK)) {
      reminders.start();
      // end::run-process
      await(() -> reminders.status().state().name().equals("RUNNING"));
      lend("moby-dick-1", "anna"); // in the past, so it is due at once
      await(() -> !store.readAll(new StreamId("Member", "anna"), 1).toList().isEmpty());
    }
    assertThat(
            memberEvents.decode(
                store.readAll(new StreamId("Member", "anna"), 1).toList().getFirst()))
        .isEqualTo(new Reminded("moby-dick-1"));
  }
}
