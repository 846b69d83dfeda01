package dev.headwater.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.headwater.store.EventStore;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

class DoNothingStoreTest {
  private static final EventStoreFixture FIXTURE =
      new EventStoreFixture() {
        @Override
        public EventStore open() {
          return new DoNothingStore();
        }

        @Override
        public Duration patience() {
          return Duration.ofMillis(20);
        }
      };

  @Nested
  class A_store_that_does_nothing_fails_every_test_of {
    @Test
    void appending() {
      assertAllFail(Append.class);
    }

    @Test
    void command_ids() {
      assertAllFail(CommandIds.class);
    }

    @Test
    void durability() {
      assertAllFail(Durability.class);
    }

    @Test
    void reading() {
      assertAllFail(Read.class);
    }

    @Test
    void partitions() {
      assertAllFail(Partition.class);
    }

    @Test
    void subscriptions() {
      assertAllFail(Subscriptions.class);
    }

    @Test
    void deliveries() {
      assertAllFail(Deliveries.class);
    }

    @Test
    void snapshots() {
      assertAllFail(Snapshots.class);
    }

    @Test
    void races() {
      assertAllFail(Races.class);
    }
  }

  private static void assertAllFail(Class<?> suite) {
    Events tests =
        EngineTestKit.engine("junit-jupiter").selectors(selectClass(suite)).execute().testEvents();

    assertThat(tests.started().list()).isNotEmpty();
    assertThat(tests.skipped().list()).isEmpty();
    assertThat(tests.succeeded().map(event -> event.getTestDescriptor().getDisplayName()))
        .as("tests that a store passes which does nothing")
        .isEmpty();
  }

  static class Append extends AppendContract {
    @Override
    protected EventStoreFixture fixture() {
      return FIXTURE;
    }
  }

  static class CommandIds extends CommandIdContract {
    @Override
    protected EventStoreFixture fixture() {
      return FIXTURE;
    }
  }

  static class Durability extends DurabilityContract {
    @Override
    protected EventStoreFixture fixture() {
      return FIXTURE;
    }
  }

  static class Read extends ReadContract {
    @Override
    protected EventStoreFixture fixture() {
      return FIXTURE;
    }
  }

  static class Partition extends PartitionContract {
    @Override
    protected EventStoreFixture fixture() {
      return FIXTURE;
    }
  }

  static class Subscriptions extends SubscriptionContract {
    @Override
    protected EventStoreFixture fixture() {
      return FIXTURE;
    }
  }

  static class Deliveries extends DeliveryContract {
    @Override
    protected EventStoreFixture fixture() {
      return FIXTURE;
    }
  }

  static class Snapshots extends SnapshotContract {
    @Override
    protected EventStoreFixture fixture() {
      return FIXTURE;
    }
  }

  static class Races extends RaceContract {
    @Override
    protected EventStoreFixture fixture() {
      return FIXTURE;
    }
  }
}
