package dev.headwater.projection;

import static dev.headwater.projection.Fixture.LONG;
import static dev.headwater.projection.Fixture.assertCaughtUp;
import static dev.headwater.projection.Fixture.await;
import static dev.headwater.projection.Fixture.awaitState;
import static dev.headwater.projection.Fixture.execute;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.event.Position;
import dev.headwater.projection.Accounts.Balances;
import dev.headwater.projection.Accounts.Deposited;
import dev.headwater.readmodel.DatabaseTest;
import dev.headwater.readmodel.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

@DatabaseTest
class AwaitElsewhereTest {
  private static final Duration SHORT = Duration.ofMillis(100);

  @Parameter private TestDatabase vendor;
  private final Fixture fixture = new Fixture();
  private HikariDataSource database;

  @BeforeEach
  void open() {
    database = vendor.open();
    Fixture.migrate(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** Fails when it is told to. */
  private static final class Sick extends Balances {
    final AtomicBoolean isSick = new AtomicBoolean();

    @Override
    public void define(EventHandlers on) {
      on.event(
          Deposited.class,
          (event, recorded, rows) -> {
            if (isSick.get()) {
              throw new IllegalStateException("only here");
            }
            move(event.account(), event.amount(), recorded, rows);
          });
    }
  }

  @Nested
  class An_instance_whose_projection_has_failed {
    @Test
    void sees_how_others_go_on_with_what_it_had() {
      RunnerSettings strict = Fixture.FOR_EVER.withParking(ParkingLimit.of(0));
      Sick sick = new Sick();
      try (ProjectionRunner failing = fixture.runner(database, strict, sick);
          ProjectionRunner sound = fixture.runner(database, strict, new Balances())) {
        failing.start();
        fixture.deposit(100);
        assertCaughtUp(failing);
        sick.isSick.set(true);
        fixture.deposit(100);
        awaitState(failing, "balances", ProjectionState.FAILED);
        sound.start();
        assertCaughtUp(sound);
        for (int partition = 0; partition < fixture.store.partitionCount(); partition++) {
          Position head = fixture.store.head(partition);
          await(() -> failing.await(head, "balances", SHORT) instanceof Awaited.Reached);
        }
      }
    }
  }

  @Nested
  class What_was_reached_once {
    @Test
    void does_not_count_any_more_when_the_projection_begins_anew() throws Exception {
      ProjectionWatch watch =
          new ProjectionWatch(fixture.store, database, List.of(ProjectionId.of(new Balances())));
      fixture.deposit(10);
      Position position = fixture.store.head(0);
      try (ProjectionRunner runner = fixture.runner(database, new Balances())) {
        runner.start();
        assertThat(watch.await(position, "balances", LONG)).isEqualTo(new Awaited.Reached());
      }
      execute(database, "DELETE FROM headwater.projection_checkpoint"); // as a replay does
      assertThat(watch.await(position, "balances", SHORT)).isInstanceOf(Awaited.TimedOut.class);
    }
  }
}
