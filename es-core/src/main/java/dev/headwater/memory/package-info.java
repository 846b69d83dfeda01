/** An event store in memory: for tests, and to read before writing another store. */
@NullMarked
package dev.headwater.memory;

import org.jspecify.annotations.NullMarked;
