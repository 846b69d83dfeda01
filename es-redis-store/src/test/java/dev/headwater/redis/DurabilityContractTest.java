package dev.headwater.redis;

import static dev.headwater.redis.TestServers.options;
import static dev.headwater.redis.TestServers.replicaOf;
import static dev.headwater.redis.TestServers.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.redis.testing.TestRedis;
import dev.headwater.store.Durability;
import dev.headwater.store.EventStore;
import dev.headwater.tck.DurabilityContract;
import dev.headwater.tck.EventStoreFixture;
import org.junit.jupiter.api.Nested;

/** The contract of durability on servers of each kind. */
class DurabilityContractTest {
  private record Fixture(Durability strongest, RedisServer server) implements EventStoreFixture {
    @Override
    public EventStore open() {
      return TestServers.open(server.uri());
    }
  }

  /** A server whose every acknowledged write is on its disk. */
  @Nested
  class The_contract_with_appendfsync_always extends DurabilityContract {
    private static final class Holder {
      static final Fixture FIXTURE =
          new Fixture(Durability.local(), start(TestRedis.binary(), Fsync.ALWAYS));
    }

    @Override
    protected EventStoreFixture fixture() {
      return Holder.FIXTURE;
    }
  }

  @Nested
  class The_contract_without_an_append_only_file extends DurabilityContract {
    private static final class Holder {
      static final Fixture FIXTURE =
          new Fixture(
              Durability.memory(),
              RedisServer.start(
                  options(TestRedis.binary(), Fsync.ALWAYS).withSetting("appendonly", "no")));
    }

    @Override
    protected EventStoreFixture fixture() {
      return Holder.FIXTURE;
    }
  }

  @Nested
  class The_contract_with_a_replica extends DurabilityContract {
    private static final class Holder {
      static final RedisServer PRIMARY = start(TestRedis.binary(), Fsync.ALWAYS);
      static final RedisServer REPLICA = replicaOf(PRIMARY, TestRedis.binary());
      static final Fixture FIXTURE = new Fixture(Durability.replicated(1), PRIMARY);
    }

    @Override
    protected EventStoreFixture fixture() {
      assertThat(Holder.REPLICA.isAlive()).isTrue();
      return Holder.FIXTURE;
    }
  }
}
