package dev.headwater.effect;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.memory.InMemoryEventStore;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.TestDatabase;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.testing.AclRedis;
import dev.headwater.redis.testing.TestRedis;
import dev.headwater.redis.testing.TwoUsersStore;

/** Where effects, process managers and pipelines are tried. */
public enum EffectSite {
  /** A store in memory, and H2. */
  IN_MEMORY,
  /** Redis, where whoever appends is another user than the effects are; and PostgreSQL. */
  SERVERS;

  private static final int PARTITIONS = 4;

  /** A new, empty store; the test closes it. */
  public TwoUsersStore<?, ?> openStore() {
    return switch (this) {
      case IN_MEMORY -> {
        InMemoryEventStore store = new InMemoryEventStore(PARTITIONS);
        yield new TwoUsersStore<>(store, store);
      }
      case SERVERS -> {
        AclRedis redis = AclRedis.shared(TestRedis.binary());
        RedisStoreOptions application = redis.newStore("application").withPartitions(PARTITIONS);
        RedisEventStore appending = RedisEventStore.connect(application);
        yield new TwoUsersStore<>(
            appending, RedisEventStore.connect(redis.as("effects", application.namespace())));
      }
    };
  }

  /** A new database with the framework's tables; the test closes it. */
  public HikariDataSource openDatabase() {
    HikariDataSource database =
        switch (this) {
          case IN_MEMORY -> TestDatabase.H2.open();
          case SERVERS -> TestDatabase.POSTGRESQL.open();
        };
    Migrations.framework(database);
    return database;
  }
}
