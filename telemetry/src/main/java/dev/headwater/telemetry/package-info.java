/**
 * What Headwater does, as metrics for Micrometer and traces for OpenTelemetry. Nothing in the other
 * modules knows of it: it is put around an event store and a command path, and listens to
 * projections.
 *
 * <p>Metrics: {@link dev.headwater.telemetry.MeteredEventStore}, {@link
 * dev.headwater.telemetry.MeteredCommands}, {@link dev.headwater.telemetry.ProjectionMeters}.
 * Traces: {@link dev.headwater.telemetry.TracedEventStore}, {@link
 * dev.headwater.telemetry.TracedCommands}, {@link dev.headwater.telemetry.ProjectionTraces}.
 *
 * <p>No tag of a metric holds an id: their values are types, names of projections and outcomes, so
 * there are few of them however many aggregates there are.
 *
 * <p>Depends on the contracts in {@code es-core} and on {@code projection}.
 */
@NullMarked
package dev.headwater.telemetry;

import org.jspecify.annotations.NullMarked;
