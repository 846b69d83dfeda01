package dev.headwater.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headwater.event.EventType;
import dev.headwater.event.Metadata;
import dev.headwater.event.NewEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.Commit;
import dev.headwater.store.ExpectedVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Commits of a realistic size. */
final class Samples {
  static final int EVENT_BYTES = 270;
  private static final EventType TYPE = new EventType("OrderPlaced", 1);

  private Samples() {}

  static StreamId newOrder() {
    return new StreamId("Order", UUID.randomUUID().toString());
  }

  static Commit commit(StreamId stream, long version, int events) {
    String id = UUID.randomUUID().toString();
    Metadata metadata = Metadata.atMicros(1_700_000_000_000_000L).withActor("trader-17");
    List<NewEvent> list = new ArrayList<>(events);
    for (int i = 0; i < events; i++) {
      list.add(new NewEvent(TYPE, payload(id)));
    }
    return new Commit(id, stream, ExpectedVersion.exactly(version), metadata, list);
  }

  private static byte[] payload(String id) {
    String start =
        "{\"orderId\":\""
            + id
            + "\",\"side\":\"BUY\",\"price\":101250,\"quantity\":300,\"note\":\"";
    return (start + "x".repeat(EVENT_BYTES - start.length() - 2) + "\"}").getBytes(UTF_8);
  }
}
