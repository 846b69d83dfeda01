/**
 * What projections, effects and processes share when they use a database; no business of anybody
 * else.
 */
@NullMarked
package dev.headwater.readmodel.internal;

import org.jspecify.annotations.NullMarked;
