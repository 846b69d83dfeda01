package dev.headwater.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.aggregate.Accounts.Account;
import dev.headwater.aggregate.Accounts.Command;
import dev.headwater.aggregate.Accounts.Event;
import dev.headwater.memory.InMemoryEventStore;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MailboxesTest {
  private final InMemoryEventStore store = new InMemoryEventStore();
  private final Mailboxes<Command, Account, Event> mailboxes =
      mailboxes(RuntimeOptions.DEFAULT.withCachedAggregates(1));

  private Mailboxes<Command, Account, Event> mailboxes(RuntimeOptions options) {
    return new Mailboxes<>(
        new AggregateType<>(
            new AggregateHistory<>("Account", new Accounts(), Event.class, Accounts.CODEC, store),
            new Accounts(),
            Accounts.CODEC,
            store,
            options,
            new SnapshotWriter<>("Account", null)));
  }

  private Mailbox<Command, Account, Event> use(String id) {
    var mailbox = mailboxes.open(id);
    mailboxes.answered(mailbox);
    return mailbox;
  }

  @Nested
  class A_mailbox {
    @Test
    void is_one_and_the_same_while_a_command_is_not_answered() {
      var first = mailboxes.open("anna");
      use("other");
      assertThat(mailboxes.open("anna")).isSameAs(first);
      mailboxes.answered(first);
      use("other");
      assertThat(mailboxes.open("anna")).isSameAs(first);
    }

    @Test
    void is_let_go_when_all_commands_are_answered_and_others_were_used_later() {
      var first = mailboxes.open("anna");
      assertThat(mailboxes.open("anna")).isSameAs(first);
      mailboxes.answered(first);
      mailboxes.answered(first);
      use("other");
      assertThat(mailboxes.open("anna")).isNotSameAs(first);
    }

    @Test
    void stays_in_memory_for_the_next_command() {
      var first = use("anna");
      assertThat(use("anna")).isSameAs(first);
    }

    @Test
    void that_is_used_again_and_again_outlives_those_that_are_used_once() {
      var many = mailboxes(RuntimeOptions.DEFAULT.withCachedAggregates(64));
      var hot = many.open("anna");
      many.answered(hot);
      for (int i = 0; i < 10_000; i++) {
        many.answered(many.open("once" + i));
        var again = many.open("anna");
        assertThat(again).isSameAs(hot);
        many.answered(again);
      }
    }
  }
}
