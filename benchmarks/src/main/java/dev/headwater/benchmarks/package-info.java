/** Benchmarks, each named for the decision that it defends; {@code benchmarks/run} starts them. */
@NullMarked
package dev.headwater.benchmarks;

import org.jspecify.annotations.NullMarked;
