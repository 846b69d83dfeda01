/**
 * The write side: a {@link dev.headwater.aggregate.Decider} holds an aggregate's rules, {@link
 * dev.headwater.aggregate.AggregateRuntime} carries commands to it (load, decide, append, and on a
 * conflict again).
 *
 * <p>Depends on {@link dev.headwater.event}, {@link dev.headwater.store} and {@link
 * dev.headwater.codec}.
 */
@NullMarked
package dev.headwater.aggregate;

import org.jspecify.annotations.NullMarked;
