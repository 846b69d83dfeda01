package dev.headwater.projection;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.readmodel.Migrations;
import dev.headwater.readmodel.PostgresServer;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.server.RedisServer;
import dev.headwater.redis.server.RedisServerOptions;
import dev.headwater.redis.server.RedisServerOptions.Fsync;
import dev.headwater.redis.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Redis, PostgreSQL and two processes that run {@link Movements}: all to be killed. */
final class Site implements AutoCloseable {
  private static final Duration LEASE = Duration.ofSeconds(1);
  private static final int FOLLOWERS = 2;

  private final Path folder;
  private final RedisServerOptions redisOptions;
  private final PostgresServer postgres;
  private final String url;
  private final RedisEventStore store;
  private final HikariDataSource database;
  private final Deposits deposits;
  private final List<Follower> followers = new ArrayList<>();
  private RedisServer redis;
  private int next;

  Site(Path folder) throws Exception {
    this.folder = folder;
    RedisServerOptions options =
        RedisServerOptions.in(folder.resolve("redis"))
            .withBinary(TestRedis.binary())
            .withFsync(Fsync.ALWAYS);
    redis = RedisServer.start(options);
    redisOptions = options.withPort(redis.port());
    store = RedisEventStore.connect(RedisStoreOptions.at(redis.uri()));
    postgres = PostgresServer.in(Files.createDirectory(folder.resolve("postgres")));
    url = postgres.newDatabase();
    database = ReadModelDatabase.postgresql(url, PostgresServer.USER, "");
    Migrations.framework(database);
    Migrations.application(database, Movements.LOCATION);
    deposits = new Deposits(store);
    for (int i = 0; i < FOLLOWERS; i++) {
      followers.add(Follower.start(redis.uri(), url, LEASE, folder));
    }
  }

  Deposits deposits() {
    return deposits;
  }

  HikariDataSource database() {
    return database;
  }

  /** Waits until the read model has come so many events further. */
  void awaitApplied(int events) {
    long[] from = {-1};
    Fixture.await(
        () -> {
          long applied = Deposits.applied(database);
          from[0] = from[0] < 0 ? applied : from[0];
          return from[0] >= 0 && applied >= from[0] + events;
        });
  }

  /** Kills one of the processes, each in turn, and starts another in its place. */
  void killFollower() throws Exception {
    int index = next++ % FOLLOWERS;
    followers.get(index).kill();
    followers.set(index, Follower.start(redis.uri(), url, LEASE, folder));
  }

  void killRedis() {
    redis.kill();
    redis = RedisServer.start(redisOptions);
  }

  void killPostgres() throws Exception {
    postgres.kill();
    postgres.restart();
  }

  @Override
  public void close() throws IOException {
    followers.forEach(Follower::close);
    database.close();
    store.close();
    postgres.close();
    redis.close();
  }
}
