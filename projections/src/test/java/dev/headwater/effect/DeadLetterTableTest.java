package dev.headwater.effect;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.effect.Orders.Placed;
import dev.headwater.event.Metadata;
import dev.headwater.event.NewEvent;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.SequencedEvent;
import dev.headwater.readmodel.DatabaseTest;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.TestDatabase;
import java.sql.SQLException;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

@DatabaseTest
class DeadLetterTableTest {
  @Parameter private TestDatabase on;
  private HikariDataSource database;

  @BeforeEach
  void open() {
    database = on.open();
    Migrations.framework(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static SequencedEvent event() {
    NewEvent placed = Orders.CODEC.encode(new Placed("a", 1));
    return new SequencedEvent(
        1,
        new RecordedEvent(
            Orders.stream("a"),
            1,
            "commit",
            placed.type(),
            Metadata.at(Instant.EPOCH).toJson(),
            placed.data()));
  }

  @Nested
  class An_error_is_kept {
    /** Else the lane would wait for ever for a database that can keep it. */
    @Test
    void whatever_characters_it_has() throws SQLException {
      DeadLetterTable letters = new DeadLetterTable("mails", database);
      letters.add(
          0, event(), 1, "no mailbox 'a\0b'" + "x".repeat(1_983) + "\ud83d\ude00", Instant.EPOCH);
      assertThat(letters.list(null).getFirst().error())
          .isEqualTo("no mailbox 'a b'" + "x".repeat(1_983));
    }
  }
}
