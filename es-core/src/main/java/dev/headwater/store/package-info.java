/**
 * The contracts of an event store, one capability an interface: append to a stream, read a stream,
 * read the heads of the partitions, subscribe to them. {@link dev.headwater.store.EventStore} is
 * all of them; {@link dev.headwater.store.KeepSnapshots} and {@link
 * dev.headwater.store.DeliverToGroup} come on top where a store can. {@code es-tck} holds the
 * suites that every implementation must pass, {@link dev.headwater.memory} the one to read first.
 *
 * <p>Calls may come from any thread. Calls that return a value block; they are meant for virtual
 * threads.
 *
 * <p>Depends on {@link dev.headwater.event} alone.
 */
@NullMarked
package dev.headwater.store;

import org.jspecify.annotations.NullMarked;
