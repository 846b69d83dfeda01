/**
 * Pipelines: events of one kind, transformed and appended to other streams. A {@link
 * dev.headwater.pipeline.Pipeline} is an {@link dev.headwater.effect.Effect}, so an {@link
 * dev.headwater.effect.EffectRunner} runs it.
 *
 * <p>Depends on {@code es-core} and {@link dev.headwater.effect} alone, and so on no database.
 */
@NullMarked
package dev.headwater.pipeline;

import org.jspecify.annotations.NullMarked;
