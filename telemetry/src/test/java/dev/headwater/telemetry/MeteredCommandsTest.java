package dev.headwater.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.aggregate.AggregateRuntime;
import dev.headwater.aggregate.CommandOutcome;
import dev.headwater.aggregate.HandleCommands;
import dev.headwater.aggregate.RuntimeOptions;
import dev.headwater.event.Metadata;
import dev.headwater.store.EventStore;
import dev.headwater.store.OverloadedException;
import dev.headwater.telemetry.Wallets.Deposit;
import dev.headwater.telemetry.Wallets.WalletCommand;
import dev.headwater.telemetry.Wallets.WalletEvent;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MeteredCommandsTest {
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final EventStore store = TestRedis.newStore();

  @AfterEach
  void close() {
    store.close();
  }

  @Nested
  class Commands {
    private final HandleCommands<WalletCommand, WalletEvent> commands =
        new MeteredCommands<>(
            Wallets.TYPE,
            AggregateRuntime.create(
                Wallets.TYPE,
                new Wallets(),
                WalletEvent.class,
                Wallets.CODEC,
                store,
                RuntimeOptions.DEFAULT),
            registry);

    private void send(String id, long amount) {
      commands.handleAndWait("anna", id, Metadata.at(Instant.now()), new Deposit(amount));
    }

    private long answered(String outcome) {
      return registry
          .get("headwater.command")
          .tags("aggregate", "Wallet", "outcome", outcome)
          .timer()
          .count();
    }

    @Test
    void are_timed_by_their_outcome() {
      send("c1", 1);
      send("c2", 2);
      send("c2", 2);
      send("c3", 0);
      send("c4", -1);
      assertThat(answered("accepted")).isEqualTo(2);
      assertThat(answered("already_handled")).isEqualTo(1);
      assertThat(answered("unchanged")).isEqualTo(1);
      assertThat(answered("rejected")).isEqualTo(1);
    }

    @Test
    void that_wait_show_in_a_gauge() {
      CompletableFuture<CommandOutcome<WalletEvent>> answer = new CompletableFuture<>();
      HandleCommands<WalletCommand, WalletEvent> slow =
          new MeteredCommands<>("Slow", (aggregate, id, metadata, command) -> answer, registry);
      var waiting = registry.get("headwater.command.waiting").tag("aggregate", "Slow").gauge();
      var unused = slow.handle("anna", "c1", Metadata.atMicros(0), new Deposit(1));
      assertThat(waiting.value()).isEqualTo(1);
      answer.completeExceptionally(new OverloadedException("too many"));
      assertThat(waiting.value()).isZero();
      assertThat(
              registry
                  .get("headwater.command")
                  .tags("aggregate", "Slow", "outcome", "overloaded")
                  .timer()
                  .count())
          .isEqualTo(1);
    }
  }
}
