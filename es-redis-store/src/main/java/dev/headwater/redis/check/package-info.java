/**
 * Finds out whether what a store keeps in Redis holds together: streams without gap, commits stored
 * once, logs that refer to every event once. It reads and never writes. {@link
 * dev.headwater.redis.StoreCheck} is what a caller runs.
 *
 * <p>Depends on no other package of Headwater.
 */
@NullMarked
package dev.headwater.redis.check;

import org.jspecify.annotations.NullMarked;
