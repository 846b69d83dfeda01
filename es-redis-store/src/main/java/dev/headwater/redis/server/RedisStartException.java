package dev.headwater.redis.server;

import org.jspecify.annotations.Nullable;

/** A Redis server could not be started; the message says why and what to do. */
public final class RedisStartException extends RuntimeException {
  RedisStartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
