package dev.headwater.redis.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a Redis server is started. Immutable; the {@code with} methods return changed copies.
 *
 * @param dataFolder where it keeps its append-only file, its log and its configuration; made if
 *     missing
 * @param binary the {@code redis-server} program
 * @param port to listen on at 127.0.0.1; 0 takes a free one
 * @param fsync when an acknowledged write is safe on disk
 * @param startTimeout how long it may take until it answers, loading of its data included
 * @param settings further lines of the configuration file, by directive
 */
public record RedisServerOptions(
    Path dataFolder,
    Path binary,
    int port,
    Fsync fsync,
    Duration startTimeout,
    Map<String, String> settings) {

  /** When Redis forces its append-only file to disk. */
  public enum Fsync {
    /** Before it answers: what is acknowledged survives a power cut. */
    ALWAYS,
    /**
     * Once a second: a power cut loses about the last second or two. So does the death of the
     * process while the disk is slow, because Redis writes nothing while it syncs.
     */
    EVERYSEC,
    /** When the operating system likes. */
    NO
  }

  /** Copies the settings. */
  public RedisServerOptions {
    settings = Map.copyOf(settings);
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be from 0 to 65535, was: " + port);
    }
  }

  /**
   * The {@code redis-server} on the PATH or else the embedded one, any free port, safe on disk once
   * a second.
   */
  public static RedisServerOptions in(Path dataFolder) {
    Path binary = RedisBinary.onPath().orElseGet(RedisBinary::embedded);
    return new RedisServerOptions(
        dataFolder, binary, 0, Fsync.EVERYSEC, Duration.ofMinutes(1), Map.of());
  }

  /** The same with another program. */
  public RedisServerOptions withBinary(Path newBinary) {
    return new RedisServerOptions(dataFolder, newBinary, port, fsync, startTimeout, settings);
  }

  /** The same on another port. */
  public RedisServerOptions withPort(int newPort) {
    return new RedisServerOptions(dataFolder, binary, newPort, fsync, startTimeout, settings);
  }

  /** The same with another time of fsync. */
  public RedisServerOptions withFsync(Fsync newFsync) {
    return new RedisServerOptions(dataFolder, binary, port, newFsync, startTimeout, settings);
  }

  /** The same with another limit for the start. */
  public RedisServerOptions withStartTimeout(Duration newTimeout) {
    return new RedisServerOptions(dataFolder, binary, port, fsync, newTimeout, settings);
  }

  /** The same with one more line of configuration, which wins over what is set by default. */
  public RedisServerOptions withSetting(String directive, String value) {
    Map<String, String> more = new LinkedHashMap<>(settings);
    more.put(directive, value);
    return new RedisServerOptions(dataFolder, binary, port, fsync, startTimeout, more);
  }

  /** Without the values of further settings: one of them may be a password. */
  @Override
  public String toString() {
    return binary + " on port " + port + " in " + dataFolder + ", fsync " + fsync;
  }
}
