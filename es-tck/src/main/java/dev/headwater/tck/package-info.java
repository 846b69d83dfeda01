/**
 * The contract of an event store as JUnit suites. A store's tests subclass each {@code …Contract}
 * and give it an {@link dev.headwater.tck.EventStoreFixture}; a store passes when all of them pass.
 *
 * <p>No test can be passed by a store that does nothing.
 *
 * <p>Depends on {@code event} and {@code store} of {@code es-core} alone.
 */
@NullMarked
package dev.headwater.tck;

import org.jspecify.annotations.NullMarked;
