/**
 * Pipelines: events of one kind, transformed and appended to other streams. A {@link
 * dev.headwater.pipeline.Pipeline} is an {@link dev.headwater.effect.Effect}, so an {@link
 * dev.headwater.effect.EffectRunner} runs it.
 */
@NullMarked
package dev.headwater.pipeline;

import org.jspecify.annotations.NullMarked;
