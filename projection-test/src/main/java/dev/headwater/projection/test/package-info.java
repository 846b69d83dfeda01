/**
 * Tests of projections by examples, to be added to an application's tests: a {@link
 * dev.headwater.projection.test.ProjectionFixture} gives events to a projection and looks at the
 * rows. On H2 in memory, or on PostgreSQL with {@link dev.headwater.projection.test.OnPostgreSql}.
 */
@NullMarked
package dev.headwater.projection.test;

import org.jspecify.annotations.NullMarked;
