/**
 * Looks at how a Redis server is configured, and says what an event store needs otherwise.
 *
 * <p>{@link dev.headwater.redis.RedisDoctor#examine} is the way in.
 *
 * <p>Depends on no other package of Headwater.
 */
@NullMarked
package dev.headwater.redis.doctor;

import org.jspecify.annotations.NullMarked;
