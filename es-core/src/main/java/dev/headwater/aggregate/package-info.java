/**
 * The write side: a {@link dev.headwater.aggregate.Decider} holds an aggregate's rules, {@link
 * dev.headwater.aggregate.AggregateRuntime} carries commands to it (load, decide, append, and on a
 * conflict again).
 */
@NullMarked
package dev.headwater.aggregate;

import org.jspecify.annotations.NullMarked;
