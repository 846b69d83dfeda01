package dev.headwater.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.aggregate.CommandOutcome;
import dev.headwater.effect.EffectId;
import dev.headwater.effect.EffectSettings;
import dev.headwater.event.Metadata;
import dev.headwater.event.NewEvent;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.process.Fulfilment.OrderEvent;
import dev.headwater.process.Fulfilment.Paid;
import dev.headwater.process.Fulfilment.Placed;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.ReadModelDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ProcessEngineTest {
  private final List<String> sent = new ArrayList<>();

  @Nested
  class An_event_that_comes_again {
    @Test
    void is_not_reacted_to_again() throws SQLException {
      try (HikariDataSource database =
          ReadModelDatabase.h2InMemory("engine-" + UUID.randomUUID())) {
        Migrations.framework(database);
        ProcessEngine<OrderEvent, ?, ?> engine =
            new ProcessEngine<>(
                Fulfilment.parts(
                    (aggregate, id, metadata, command) -> {
                      sent.add(id);
                      return new CommandOutcome.Unchanged<>(new StreamId("Stock", aggregate), 1);
                    }),
                database,
                EffectSettings.DEFAULT,
                Duration.ofSeconds(1));
        happened(engine, "Order", new Placed("o1"));
        happened(engine, "Payment", new Paid("o1", 60));
        List<String> once = List.copyOf(sent);
        happened(engine, "Payment", new Paid("o1", 60));
        assertThat(sent).isEqualTo(once).isNotEmpty();
      }
    }

    private void happened(ProcessEngine<OrderEvent, ?, ?> engine, String type, OrderEvent event)
        throws SQLException {
      StreamId stream = new StreamId(type, "o1");
      NewEvent encoded = Fulfilment.EVENTS.encode(event);
      RecordedEvent recorded =
          new RecordedEvent(
              stream,
              1,
              "commit-" + type,
              encoded.type(),
              Metadata.at(Instant.now()).toJson(),
              encoded.data());
      engine.happened(event, recorded, new EffectId("fulfilment", stream, 1, 0));
    }
  }
}
