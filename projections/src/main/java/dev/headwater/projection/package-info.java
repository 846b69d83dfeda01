/**
 * Projections: turn events into read models, exactly once.
 *
 * <p>A domain developer writes a {@link dev.headwater.projection.Projection}: the tables it fills
 * and a handler for each kind of event. A {@link dev.headwater.projection.ProjectionRunner} feeds
 * it from an event store and writes rows and checkpoint in one transaction, so a crash at any
 * moment neither loses nor doubles an event.
 *
 * <p>Depends on {@code es-core} and {@link dev.headwater.readmodel}.
 */
@NullMarked
package dev.headwater.projection;

import org.jspecify.annotations.NullMarked;
