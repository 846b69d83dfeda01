/**
 * An event store in memory: for tests, and to read before writing another store.
 *
 * <p>Depends on {@link dev.headwater.event} and {@link dev.headwater.store}.
 */
@NullMarked
package dev.headwater.memory;

import org.jspecify.annotations.NullMarked;
