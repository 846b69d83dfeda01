/** Shared by effects and processes; no business of anybody else. */
@NullMarked
package dev.headwater.effect.internal;

import org.jspecify.annotations.NullMarked;
