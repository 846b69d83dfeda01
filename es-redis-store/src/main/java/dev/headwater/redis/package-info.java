/**
 * The event store on Redis Streams. {@link dev.headwater.redis.RedisEventStore#connect} opens one;
 * {@code docs/reference/redis-layout.md} says what it stores.
 *
 * <p>Appends go through one script, a batch of commits a call and one call a partition in flight
 * ({@code PartitionAppender}). Reads share a connection, each subscription has its own two.
 *
 * <p>Depends on the contracts in {@code es-core} (packages {@code event} and {@code store}) and on
 * its own packages {@link dev.headwater.redis.check} and {@link dev.headwater.redis.doctor}.
 */
@NullMarked
package dev.headwater.redis;

import org.jspecify.annotations.NullMarked;
