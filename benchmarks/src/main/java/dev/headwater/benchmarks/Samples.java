package dev.headwater.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headwater.event.EventType;
import dev.headwater.event.Metadata;
import dev.headwater.event.NewEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.Commit;
import dev.headwater.store.ExpectedVersion;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Commits of a realistic size. */
final class Samples {
  static final int EVENT_BYTES = 270;
  private static final EventType TYPE = new EventType("OrderPlaced", 1);

  private Samples() {}

  private static final Metadata METADATA =
      Metadata.atMicros(1_700_000_000_000_000L).withActor("trader-17");
  private static final byte[] PAYLOAD = payload();

  static StreamId newOrder() {
    return new StreamId("Order", newId());
  }

  static Commit commit(StreamId stream, long version) {
    return new Commit(
        newId(),
        stream,
        ExpectedVersion.exactly(version),
        METADATA,
        List.of(new NewEvent(TYPE, PAYLOAD)));
  }

  /** As long as a random UUID without its cost, which is not what is measured. */
  private static String newId() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  private static byte[] payload() {
    String start = "{\"side\":\"BUY\",\"price\":101250,\"quantity\":300,\"note\":\"";
    return (start + "x".repeat(EVENT_BYTES - start.length() - 2) + "\"}").getBytes(UTF_8);
  }
}
