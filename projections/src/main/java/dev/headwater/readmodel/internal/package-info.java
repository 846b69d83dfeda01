/**
 * What projections, effects and processes share when they use a database; no business of anybody
 * else.
 *
 * <p>Depends on {@link dev.headwater.readmodel} alone.
 */
@NullMarked
package dev.headwater.readmodel.internal;

import org.jspecify.annotations.NullMarked;
