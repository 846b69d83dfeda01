package dev.headwater.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.RuntimeOptions;
import dev.headwater.docs.EffectsTest.LoanMails;
import dev.headwater.docs.EffectsTest.MailService;
import dev.headwater.docs.TutorialTest.Copies;
import dev.headwater.docs.TutorialTest.Copy;
import dev.headwater.docs.TutorialTest.CopyCommand;
import dev.headwater.docs.TutorialTest.CopyEvent;
import dev.headwater.docs.TutorialTest.Lend;
import dev.headwater.docs.TutorialTest.Loans;
import dev.headwater.effect.Effect;
import dev.headwater.effect.EffectRunner;
import dev.headwater.effect.EffectSettings;
import dev.headwater.effect.EffectStatus;
import dev.headwater.event.Metadata;
import dev.headwater.event.StreamId;
import dev.headwater.projection.Awaited;
import dev.headwater.projection.ProjectionRunner;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.redis.RedisDoctor;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.TlsOptions;
import dev.headwater.redis.doctor.Diagnosis;
import dev.headwater.redis.doctor.Finding;
import dev.headwater.redis.doctor.Severity;
import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.store.AppendResult.Appended;
import dev.headwater.store.AppendResult.Conflict;
import dev.headwater.store.Commit;
import dev.headwater.store.Durability;
import dev.headwater.store.EventStore;
import dev.headwater.store.ExpectedVersion;
import dev.headwater.store.Snapshot;
import dev.headwater.store.SnapshotAndTail.FromSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page about securing Redis says is so. */
class AclTest {
  private static final String FILE = "deploy/redis-acl/headwater.acl";
  private static final Metadata METADATA = Metadata.at(Instant.parse("2026-03-02T10:00:00Z"));

  /** The repository's file, for the namespace of this test. */
  private static RedisServerOptions options(Path folder) throws IOException {
    String rules = Files.readString(MarkdownFile.repository().resolve(FILE));
    Path users = folder.resolve("users.acl");
    // The last for durability beyond MEMORY on Redis older than 7.2, as the page says.
    Files.writeString(
        users, rules.replace("~headwater:", "~library:").replace("+info ", "+info +config|get "));
    return RedisServerOptions.in(folder.resolve("redis"))
        .withFsync(Fsync.ALWAYS)
        .withSetting("aclfile", users.toString());
  }

  private static RedisStoreOptions as(String user, RedisServer server) {
    return RedisStoreOptions.at(
            "redis://headwater-%s:change-me-%s@127.0.0.1:%d".formatted(user, user, server.port()))
        .withNamespace("library");
  }

  @Test
  void an_application_its_projections_and_an_auditor_work_as_users_of_their_own(
      @TempDir Path folder) throws IOException {
    try (RedisServer server = RedisServer.start(options(folder));
        RedisEventStore store = RedisEventStore.connect(as("application", server));
        EventStore projected = RedisEventStore.connect(as("projection", server));
        HikariDataSource database = ReadModelDatabase.h2InMemory("acl")) {
      Migrations.framework(database);
      Migrations.application(database, "classpath:db/library");
      append(store, ExpectedVersion.any(), "any-1");
      appendAgain(store);
      keepSnapshot(store);
      try (ProjectionRunner runner =
          new ProjectionRunner(projected, TutorialTest.CODEC, database, List.of(new Loans()))) {
        runner.start();
        assertThat(runner.awaitCaughtUp(Duration.ofSeconds(20))).isEqualTo(new Awaited.Reached());
        lend(store); // while the projection waits as a member of its group
        assertThat(runner.awaitCaughtUp(Duration.ofSeconds(20))).isEqualTo(new Awaited.Reached());
      }
      assertThat(store.appendAndWait(commit(ExpectedVersion.any(), "durable"), Durability.local()))
          .isInstanceOf(Appended.class);
      RedisStoreOptions options = as("auditor", server);
      // tag::auditor
      try (EventStore history = RedisEventStore.connect(options.forReading())) {
        assertThat(history.readAll(new StreamId("Copy", "emma-1"), 1)).hasSize(1);
      }
      // end::auditor
    }
  }

  private static void lend(EventStore store) {
    AggregateRuntime<CopyCommand, Copy, CopyEvent> copies =
        AggregateRuntime.create(
            "Copy",
            new Copies(),
            CopyEvent.class,
            TutorialTest.CODEC,
            store,
            RuntimeOptions.DEFAULT);
    copies.handleAndWait("emma-1", "command-1", METADATA, new Lend("anna", Instant.EPOCH));
  }

  private static void appendAgain(EventStore store) {
    Commit second = commit(ExpectedVersion.exactly(1), "second");
    assertThat(store.appendAndWait(second)).isInstanceOf(Appended.class);
    assertThat(store.appendAndWait(second))
        .isInstanceOfSatisfying(
            Appended.class, again -> assertThat(again.receipt().duplicate()).isTrue());
    assertThat(store.appendAndWait(commit(ExpectedVersion.exactly(1), "third")))
        .isInstanceOf(Conflict.class);
  }

  private static void keepSnapshot(RedisEventStore store) {
    StreamId stream = new StreamId("Other", "1");
    assertThat(store.saveSnapshot(stream, new Snapshot(2, "second", "Other#1", new byte[1])))
        .isTrue();
    assertThat(store.loadFromSnapshot(stream, "Other#1")).isInstanceOf(FromSnapshot.class);
  }

  private static void append(EventStore store, ExpectedVersion expected, String id) {
    assertThat(store.appendAndWait(commit(expected, id))).isInstanceOf(Appended.class);
  }

  private static Commit commit(ExpectedVersion expected, String id) {
    CopyEvent event = new TutorialTest.CopyReturned("ben", 0);
    return new Commit(
        id,
        new StreamId("Other", "1"),
        expected,
        METADATA,
        List.of(TutorialTest.CODEC.encode(event)));
  }

  @Test
  void effects_run_as_a_user_who_appends_nothing(@TempDir Path folder) throws IOException {
    MailService mail = new MailService();
    try (RedisServer server = RedisServer.start(options(folder));
        RedisEventStore application = RedisEventStore.connect(as("application", server));
        HikariDataSource database = ReadModelDatabase.h2InMemory("acl-effects")) {
      Migrations.framework(database);
      RedisStoreOptions options = as("effects", server);
      EffectSettings settings = EffectSettings.DEFAULT;
      List<Effect> mails = List.of(new LoanMails(mail));
      // tag::effects
      try (RedisEventStore store = RedisEventStore.connect(options);
          EffectRunner effects =
              new EffectRunner(store, TutorialTest.CODEC, database, mails, settings)) {
        effects.start();
        // end::effects
        EffectsTest.await(() -> effects.status().getFirst().state() == EffectStatus.State.RUNNING);
        lend(application);
        EffectsTest.await(() -> mail.sent.size() == 1);
      }
    }
  }

  @Test
  void the_doctor_finds_what_is_to_be_set(@TempDir Path folder) throws IOException {
    try (RedisServer server = RedisServer.start(options(folder))) {
      RedisStoreOptions options = as("operator", server);
      List<String> toSet = new ArrayList<>();
      // tag::doctor
      Diagnosis diagnosis = RedisDoctor.examine(options);
      for (Finding finding : diagnosis.findings()) {
        if (finding.severity().compareTo(Severity.WARNING) >= 0) {
          toSet.add(finding.check() + ": " + finding.found() + "; " + finding.advice());
        }
      }
      // end::doctor
      assertThat(toSet).anyMatch(line -> line.startsWith("maxmemory: not set; set it"));
    }
  }

  @Test
  void certificates_are_options() {
    // tag::tls
    RedisStoreOptions options =
        RedisStoreOptions.at("rediss://redis.example.com:6380")
            .withTls(
                TlsOptions.trusting(Path.of("authority.pem"))
                    .showing(Path.of("client.pem"), Path.of("client-key.pem")));
    // end::tls
    assertThat(options.tls().authority()).isEqualTo(Path.of("authority.pem"));
  }

  @Test
  void the_reference_names_every_check(@TempDir Path folder) throws IOException {
    Path page = MarkdownFile.repository().resolve("docs/reference/doctor.md");
    String text = Files.readString(page);
    try (RedisServer server = RedisServer.start(options(folder))) {
      assertThat(RedisDoctor.examine(as("operator", server)).findings())
          .allMatch(finding -> text.contains("| `" + finding.check() + "` |"));
    }
  }
}
