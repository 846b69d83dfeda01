/**
 * Tests of projections by examples, to be added to an application's tests: a {@link
 * dev.headwater.projection.test.ProjectionFixture} gives events to a projection and looks at the
 * rows. On H2 in memory, or on PostgreSQL with {@link dev.headwater.projection.test.OnPostgreSql}.
 *
 * <p>Depends on {@code es-core} and {@code projections}; no main code depends on it.
 */
@NullMarked
package dev.headwater.projection.test;

import org.jspecify.annotations.NullMarked;
