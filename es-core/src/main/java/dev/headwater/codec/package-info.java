/**
 * Turns domain events into their stored form and back: JSON under registered names and revisions,
 * never class names.
 */
@NullMarked
package dev.headwater.codec;

import org.jspecify.annotations.NullMarked;
