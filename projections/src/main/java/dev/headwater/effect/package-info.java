/**
 * Effects: what an event leads to outside, such as a mail or a call of another system.
 *
 * <p>A domain developer writes an {@link dev.headwater.effect.Effect}: where it begins and a
 * handler for each kind of event. An {@link dev.headwater.effect.EffectRunner} runs it at least
 * once for each event, with an {@link dev.headwater.effect.EffectId} that is the same each time, in
 * the order of each stream. What fails for good becomes a dead letter, see {@link
 * dev.headwater.effect.DeadLetters}. A rebuild of projections runs no effect.
 *
 * <p>Depends on {@code es-core} and {@link dev.headwater.readmodel}, and not on projections.
 */
@NullMarked
package dev.headwater.effect;

import org.jspecify.annotations.NullMarked;
