/**
 * Axon's {@code EventStorageEngine} over any {@link dev.headwater.store.EventStore}, so that an
 * application made with Axon 5 keeps its events in the store. {@link
 * dev.headwater.axon.engine.HeadwaterEventStorageEngine} is what an application registers; {@link
 * dev.headwater.axon.engine.PartitionsToken} is what its token store keeps.
 *
 * <p>A tag is a stream, a transaction is a commit, an event message is an event. Which part of a
 * message is stored where is {@code MessageMapping}'s business.
 *
 * <p>Depends on {@code event} and {@code store} of {@code es-core} alone.
 */
@NullMarked
package dev.headwater.axon.engine;

import org.jspecify.annotations.NullMarked;
