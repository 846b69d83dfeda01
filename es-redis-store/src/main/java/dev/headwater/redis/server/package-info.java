/**
 * Starts a real Redis server as a child process: the embedded default of applications, and the
 * server of tests.
 *
 * <p>{@link dev.headwater.redis.server.RedisServer#start} is the way in.
 *
 * <p>Depends on no other package of Headwater, and no other of this module depends on it.
 */
@NullMarked
package dev.headwater.redis.server;

import org.jspecify.annotations.NullMarked;
