/** The venue put together: event store, aggregates on the command bus, projections and queries. */
@NullMarked
package dev.headwater.trading.venue;

import org.jspecify.annotations.NullMarked;
