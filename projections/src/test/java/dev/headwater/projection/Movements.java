package dev.headwater.projection;

import dev.headwater.projection.Accounts.Deposited;
import dev.headwater.readmodel.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A read model that refuses an event that comes twice or out of order. Its handler stops in the
 * middle of a transaction while a certain file exists, and says so.
 */
final class Movements implements Projection {
  static final String LOCATION = "classpath:db/movements";
  static final String HOLDING = "holding";

  private static final Table MOVEMENT =
      Table.appendOnly("movement").columns("account", "version", "amount");

  private static final Table TOTAL =
      Table.named("account_total").key("account").columns("total", "events", "last_version");

  private final Path hold;

  Movements(Path hold) {
    this.hold = hold;
  }

  @Override
  public String name() {
    return "movements";
  }

  @Override
  public List<Table> tables() {
    return List.of(MOVEMENT, TOTAL);
  }

  @Override
  public void define(EventHandlers on) {
    on.event(
        Deposited.class,
        (event, recorded, rows) -> {
          rows.append(MOVEMENT)
              .set("account", event.account())
              .set("version", recorded.version())
              .set("amount", event.amount());
          rows.at(TOTAL, event.account())
              .add("total", event.amount())
              .add("events", 1)
              .max("last_version", recorded.version());
          hold();
        });
  }

  private void hold() throws IOException {
    if (Files.exists(hold)) {
      System.out.println(HOLDING);
      while (Files.exists(hold)) {
        LockSupport.parkNanos(1_000_000);
      }
    }
  }
}
