/**
 * Process managers: what events of several aggregates lead to over time, by commands.
 *
 * <p>A domain developer writes a {@link dev.headwater.process.ProcessDefinition} of pure functions
 * and tests it with the {@link dev.headwater.process.ProcessFixture}; a {@link
 * dev.headwater.process.ProcessRunner} keeps the state of each instance in SQL, sends its commands
 * and wakes it when a timer is due.
 *
 * <p>Depends on {@code es-core}, {@link dev.headwater.readmodel} and {@link dev.headwater.effect}.
 */
@NullMarked
package dev.headwater.process;

import org.jspecify.annotations.NullMarked;
