package dev.headwater.pipeline;

import dev.headwater.event.StreamId;

/**
 * What a pipeline appends.
 *
 * @param stream where
 * @param event a domain event that the pipeline's codec knows
 */
public record Outgoing(StreamId stream, Object event) {}
