/**
 * Turns domain events into their stored form and back: JSON under registered names and revisions,
 * never class names.
 *
 * <p>Depends on {@link dev.headwater.event} and {@link dev.headwater.store}.
 */
@NullMarked
package dev.headwater.codec;

import org.jspecify.annotations.NullMarked;
