package dev.headwater.effect;

import static dev.headwater.effect.Orders.await;
import static dev.headwater.effect.Orders.place;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.effect.Orders.Mails;
import dev.headwater.effect.Orders.Placed;
import dev.headwater.event.Position;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.store.Deliveries;
import dev.headwater.store.DeliverySpec;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LanesTest {
  private static final int STREAMS = 20;
  private static final Duration WAIT = Duration.ofSeconds(5);

  private final InMemoryEventStore store = new InMemoryEventStore(1);
  private final HikariDataSource database = EffectSite.IN_MEMORY.openDatabase();

  @AfterEach
  void end() {
    database.close();
  }

  /** Every first mail fails. */
  private static final class FirstFails extends Mails {
    FirstFails() {
      super(StartAt.beginning());
    }

    @Override
    void send(Placed event) {
      if (event.number() == 1) {
        throw new IllegalStateException("no such mailbox");
      }
    }
  }

  private void placeAll(int number) {
    for (int i = 0; i < STREAMS; i++) {
      place(store, "o" + i, number, number);
    }
  }

  private static int size(DeadLetterTable letters) {
    try {
      return letters.list(null).size();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Nested
  class An_event_waits_behind_a_dead_letter_of_its_stream {
    @Test
    void that_was_not_there_yet_when_the_letters_were_looked_for() {
      FirstFails mails = new FirstFails();
      DeadLetterTable letters = new DeadLetterTable(mails.name(), database);
      EffectDispatcher dispatcher = new EffectDispatcher(Orders.CODEC, mails);
      DeliverySpec spec =
          new DeliverySpec(
              mails.name(),
              "member",
              List.of(Position.start(0, store.head(0).epoch())),
              dispatcher::wants,
              100,
              Duration.ofMinutes(1));
      EffectSettings once = Orders.QUICK.withAttempts(1, WAIT, WAIT);
      try (Deliveries deliveries = store.deliver(spec)) {
        Lanes lanes = new Lanes(mails.name(), dispatcher, letters, once, deliveries);
        placeAll(1);
        lanes.add(deliveries.poll(WAIT), Set.of());
        await("dead letters", () -> size(letters) == STREAMS);
        Position all = store.head(0);
        await("acknowledged", () -> deliveries.acknowledged().equals(List.of(all)));
        placeAll(2);
        lanes.add(deliveries.poll(WAIT), Set.of());
        await("the second ones", () -> size(letters) + mails.sent.size() == 2 * STREAMS);
        lanes.stop(WAIT);
      }
      assertThat(mails.sent).isEmpty();
    }
  }
}
