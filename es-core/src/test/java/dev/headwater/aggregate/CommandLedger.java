package dev.headwater.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.aggregate.Accounts.Account;
import dev.headwater.aggregate.Accounts.Command;
import dev.headwater.aggregate.Accounts.Event;
import dev.headwater.aggregate.CommandOutcome.Accepted;
import dev.headwater.aggregate.CommandOutcome.AlreadyHandled;
import dev.headwater.aggregate.CommandOutcome.Rejected;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.ReadStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keeps what callers sent and were told, and checks it against what is stored: the stored commits
 * are decided again one after another, which proves that each was decided on the state that its
 * predecessors lead to.
 */
final class CommandLedger {
  private final Map<Integer, List<Sent>> byCaller = new HashMap<>();

  synchronized Sent sent(int caller, String account, String id, Command command) {
    Sent sent = new Sent(account, id, command);
    byCaller.computeIfAbsent(caller, c -> new ArrayList<>()).add(sent);
    return sent;
  }

  synchronized void check(ReadStream store) {
    Map<String, Map<String, Stored>> byAccount = new HashMap<>();
    Set<String> rejecting = new HashSet<>();
    List<Sent> all = byCaller.values().stream().flatMap(List::stream).toList();
    for (String account : new TreeSet<>(all.stream().map(Sent::account).toList())) {
      byAccount.put(account, replay(store, account, all, rejecting));
    }
    for (Sent sent : all) {
      checkAnswer(sent, byAccount.get(sent.account()).get(sent.id()), rejecting);
    }
    byCaller.values().forEach(sent -> checkOrder(sent, byAccount));
    assertThat(all).anyMatch(sent -> sent.outcome() instanceof Accepted);
    assertThat(all).anyMatch(sent -> sent.outcome() instanceof Rejected);
  }

  /** The commits of an account by id, each decided again; collects who is rejected anywhere. */
  private static Map<String, Stored> replay(
      ReadStream store, String account, List<Sent> all, Set<String> rejecting) {
    Map<String, Sent> commands = new HashMap<>();
    Set<Sent> rejected = new HashSet<>();
    for (Sent sent : all) {
      if (sent.account().equals(account)) {
        commands.put(sent.id(), sent);
        if (sent.outcome() instanceof Rejected) {
          rejected.add(sent);
        }
      }
    }
    Accounts accounts = new Accounts();
    Map<String, Stored> stored = new HashMap<>();
    Account state = accounts.initial();
    for (List<RecordedEvent> commit : commits(store, account)) {
      collectRejections(rejected, state, rejecting);
      String id = commit.getFirst().commitId();
      List<Event> events =
          commit.stream().map(event -> (Event) Accounts.CODEC.decode(event)).toList();
      assertThat(stored).as("%s is stored once", id).doesNotContainKey(id);
      stored.put(id, new Stored(commit.getFirst().version(), events));
      Sent sent = commands.get(id);
      if (sent == null) {
        assertThat(id).startsWith(FaultyStore.EXTERNAL);
      } else {
        assertThat(accounts.decide(sent.command(), state)).as(id).isEqualTo(events);
      }
      for (Event event : events) {
        state = accounts.evolve(state, event);
      }
    }
    collectRejections(rejected, state, rejecting);
    return stored;
  }

  private static void collectRejections(Set<Sent> waiting, Account state, Set<String> rejecting) {
    waiting.removeIf(
        sent -> {
          try {
            var unused = new Accounts().decide(sent.command(), state);
            return false;
          } catch (Rejection rejection) {
            return rejecting.add(sent.id());
          }
        });
  }

  private static List<List<RecordedEvent>> commits(ReadStream store, String account) {
    List<List<RecordedEvent>> commits = new ArrayList<>();
    String last = "";
    for (RecordedEvent event : store.readAll(new StreamId("Account", account), 1).toList()) {
      if (!event.commitId().equals(last)) {
        commits.add(new ArrayList<>());
      }
      last = event.commitId();
      commits.getLast().add(event);
    }
    return commits;
  }

  private static void checkAnswer(Sent sent, Stored stored, Set<String> rejecting) {
    switch (sent.outcome()) {
      case Accepted<Event> accepted -> {
        assertThat(stored).as(sent.id()).isNotNull();
        assertThat(accepted.receipt().firstVersion()).isEqualTo(stored.version());
        assertThat(accepted.receipt().lastVersion())
            .isEqualTo(stored.version() + stored.events().size() - 1);
        assertThat(accepted.events()).isEqualTo(stored.events());
      }
      case AlreadyHandled<Event> handled -> {
        assertThat(stored).as(sent.id()).isNotNull();
        assertThat(handled.firstVersion()).isEqualTo(stored.version());
      }
      case Rejected<Event> rejected -> {
        assertThat(stored).as(sent.id()).isNull();
        assertThat(rejecting).contains(sent.id());
      }
      case CommandOutcome.NotDurable<Event> notDurable -> throw new AssertionError(notDurable);
      case CommandOutcome.Unchanged<Event> unchanged -> throw new AssertionError(unchanged);
      case null -> {
        if (!sent.mayBeStored()) {
          assertThat(stored).as("%s has failed for certain", sent.id()).isNull();
        }
      }
    }
  }

  /** What one caller sent to one account is stored in the order in which it was sent. */
  private static void checkOrder(List<Sent> caller, Map<String, Map<String, Stored>> byAccount) {
    Map<String, Long> reached = new HashMap<>();
    for (Sent sent : caller) {
      if (sent.isInOrder() && sent.outcome() instanceof Accepted<Event> accepted) {
        long version = accepted.receipt().firstVersion();
        assertThat(version).as(sent.id()).isGreaterThan(reached.getOrDefault(sent.account(), 0L));
        reached.put(sent.account(), version);
      }
    }
  }

  private record Stored(long version, List<Event> events) {}
}
