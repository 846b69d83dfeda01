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
      new Mailboxes<>(
          new Mailbox.Shared<>(
              new AggregateHistory<>("Account", new Accounts(), Event.class, Accounts.CODEC, store),
              new Accounts(),
              Accounts.CODEC,
              store,
              RuntimeOptions.DEFAULT.withCachedAggregates(1),
              new SnapshotWriter<>("Account", null)));

  /** Uses another aggregate so often that the cache prefers it. */
  private void crowdOut() {
    for (int i = 0; i < 100; i++) {
      var unused = mailboxes.open("other");
      mailboxes.close("other");
    }
  }

  @Nested
  class A_mailbox {
    @Test
    void is_one_and_the_same_while_a_command_is_not_answered() {
      var first = mailboxes.open("anna");
      crowdOut();
      assertThat(mailboxes.open("anna")).isSameAs(first);
      mailboxes.close("anna");
      crowdOut();
      assertThat(mailboxes.open("anna")).isSameAs(first);
    }

    @Test
    void is_let_go_when_all_commands_are_answered() {
      var first = mailboxes.open("anna");
      assertThat(mailboxes.open("anna")).isSameAs(first);
      mailboxes.close("anna");
      mailboxes.close("anna");
      crowdOut();
      assertThat(mailboxes.open("anna")).isNotSameAs(first);
    }

    @Test
    void stays_in_the_cache_for_the_next_command() {
      var first = mailboxes.open("anna");
      mailboxes.close("anna");
      assertThat(mailboxes.open("anna")).isSameAs(first);
    }
  }
}
