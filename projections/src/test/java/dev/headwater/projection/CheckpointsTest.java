package dev.headwater.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.event.Position;
import dev.headwater.readmodel.DatabaseTest;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.TestDatabase;
import dev.headwater.readmodel.internal.Transactions;
import java.sql.SQLTransientException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

@DatabaseTest
class CheckpointsTest {
  private static final long EPOCH = 7;
  private static final List<Position> STARTS =
      List.of(Position.start(0, EPOCH), Position.start(1, EPOCH));

  @Parameter private TestDatabase on;
  private final Checkpoints checkpoints = new Checkpoints(new ProjectionId("orders", 1));
  private HikariDataSource database;

  @BeforeEach
  void open() throws Exception {
    database = on.open();
    Migrations.framework(database);
    claim(1);
    advance(1, 0, 5);
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** Takes both partitions under a token. */
  private List<Checkpoint> claim(long token) throws Exception {
    List<Lease> taken = List.of(new Lease(0, "me", true, token), new Lease(1, "me", true, token));
    return new Transactions(database)
        .run(connection -> checkpoints.claim(connection, STARTS, taken, List.of()));
  }

  private static Position at(int partition, long sequence) {
    return sequence == 0
        ? STARTS.get(partition)
        : new Position(partition, EPOCH, sequence, sequence + "-0");
  }

  /** Moves both partitions. */
  private void advance(long token, long from, long to) throws Exception {
    advance(List.of(new Checkpoint(at(0, from), token), new Checkpoint(at(1, from), token)), to);
  }

  private void advance(List<Checkpoint> from, long to) throws Exception {
    new Transactions(database)
        .run(
            connection -> {
              checkpoints.advance(connection, from, List.of(at(0, to), at(1, to)));
              return true;
            });
  }

  private List<Checkpoint> stored() throws Exception {
    return new Transactions(database).run(checkpoints::stored);
  }

  @Nested
  class Whoever_writes_a_checkpoint {
    @Test
    void knows_its_token() throws Exception {
      assertThat(claim(2))
          .containsExactly(new Checkpoint(at(0, 5), 2), new Checkpoint(at(1, 5), 2));
      assertThatThrownBy(() -> advance(1, 5, 6))
          .isInstanceOfSatisfying(
              FencedException.class,
              e -> assertThat(e.partitions()).containsExactlyInAnyOrder(0, 1));
      assertThat(stored()).extracting(one -> one.position().sequence()).containsExactly(5L, 5L);
      advance(2, 5, 6);
      assertThat(stored())
          .containsExactly(new Checkpoint(at(0, 6), 2), new Checkpoint(at(1, 6), 2));
    }

    /** The database looks again at a row that changed while a statement waited for it. */
    @Test
    void knows_its_token_also_if_that_changes_while_it_waits() throws Exception {
      String waiting =
          on == TestDatabase.H2
              ? "SELECT COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS WHERE BLOCKER_ID IS NOT NULL"
              : "SELECT COUNT(*) FROM pg_locks WHERE NOT granted";
      CompletableFuture<Throwable> former = new CompletableFuture<>();
      new Transactions(database)
          .run(
              connection -> {
                checkpoints.claim(
                    connection, STARTS, List.of(new Lease(1, "other", true, 2)), List.of());
                Thread.ofPlatform()
                    .start(() -> former.complete(catchThrowable(() -> advance(1, 5, 6))));
                Fixture.await(() -> Fixture.number(database, waiting) > 0);
                return true;
              });
      assertThat(former.get())
          .isInstanceOfSatisfying(
              FencedException.class, e -> assertThat(e.partitions()).containsExactly(1));
      assertThat(stored()).extracting(one -> one.position().sequence()).containsExactly(5L, 5L);
    }

    @Test
    void knows_where_it_is() {
      assertThatThrownBy(() -> advance(1, 4, 6)).isInstanceOf(FencedException.class);
    }

    @Test
    void moves_all_of_them_or_none() throws Exception {
      List<Checkpoint> from = List.of(new Checkpoint(at(0, 5), 1), new Checkpoint(at(1, 4), 1));
      assertThatThrownBy(() -> advance(from, 6))
          .isInstanceOfSatisfying(
              FencedException.class, e -> assertThat(e.partitions()).containsExactly(1));
      assertThat(stored()).extracting(one -> one.position().sequence()).containsExactly(5L, 5L);
    }

    @Test
    void of_another_history_is_refused() {
      List<Checkpoint> from =
          List.of(
              new Checkpoint(new Position(0, EPOCH + 1, 5, "5-0"), 1),
              new Checkpoint(new Position(1, EPOCH + 1, 5, "5-0"), 1));
      assertThatThrownBy(
              () ->
                  new Transactions(database)
                      .run(
                          connection -> {
                            checkpoints.advance(
                                connection, from, from.stream().map(Checkpoint::position).toList());
                            return true;
                          }))
          .isInstanceOf(FencedException.class);
    }

    @Test
    void goes_back_with_a_database_that_has_lost_commits() {
      assertThatThrownBy(() -> advance(1, 6, 7))
          .isInstanceOf(SQLTransientException.class)
          .hasMessageContaining("lost its last commits");
    }
  }
}
