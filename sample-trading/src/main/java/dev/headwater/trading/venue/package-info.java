/**
 * The venue put together: event store, aggregates on the command bus, projections and queries.
 *
 * <p>Depends on everything but the command line and the simulation.
 */
@NullMarked
package dev.headwater.trading.venue;

import org.jspecify.annotations.NullMarked;
