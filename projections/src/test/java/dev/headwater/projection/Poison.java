package dev.headwater.projection;

import dev.headwater.event.RecordedEvent;
import dev.headwater.projection.Accounts.AccountEvent;
import dev.headwater.projection.Accounts.Deposited;
import dev.headwater.projection.Accounts.Renamed;
import dev.headwater.projection.Accounts.Withdrawn;
import dev.headwater.readmodel.Table;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Balances and ledger whose handler throws at the events that it is told, until it is mended. */
final class Poison implements Projection {
  private static final String EVERYWHERE = "everywhere";

  /** How often the handler was called. */
  final AtomicInteger handled = new AtomicInteger();

  private Consumer<RecordedEvent> first = recorded -> {};
  private final Set<String> poison = ConcurrentHashMap.newKeySet();

  /** Is called before each event. */
  Poison before(Consumer<RecordedEvent> look) {
    first = look;
    return this;
  }

  /** Throws at the event of an account at a version. */
  Poison at(String account, long version) {
    poison.add(account + "@" + version);
    return this;
  }

  /** Throws at every event. */
  Poison everywhere() {
    poison.add(EVERYWHERE);
    return this;
  }

  /** No longer throws at one event. */
  void heal(String account, long version) {
    poison.remove(account + "@" + version);
  }

  void mend() {
    poison.clear();
  }

  @Override
  public String name() {
    return "balances";
  }

  @Override
  public List<Table> tables() {
    return List.of(Accounts.BALANCE, Accounts.LEDGER);
  }

  @Override
  public void define(EventHandlers on) {
    on.event(
        AccountEvent.class,
        (event, recorded, rows) -> {
          handled.incrementAndGet();
          first.accept(recorded);
          switch (event) {
            case Deposited deposited -> {
              Accounts.Balances.move(deposited.account(), deposited.amount(), recorded, rows);
              rows.append(Accounts.LEDGER)
                  .set("account", deposited.account())
                  .set("version", recorded.version())
                  .set("amount", deposited.amount());
            }
            case Withdrawn withdrawn ->
                Accounts.Balances.move(
                    withdrawn.account(), withdrawn.amount().negate(), recorded, rows);
            case Renamed renamed -> {}
          }
          if (poison.contains(EVERYWHERE)
              || poison.contains(recorded.stream().id() + "@" + recorded.version())) {
            throw new IllegalStateException("poison");
          }
        });
  }
}
