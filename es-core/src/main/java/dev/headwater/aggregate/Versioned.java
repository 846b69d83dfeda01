package dev.headwater.aggregate;

/**
 * The state of an aggregate after the event with a version.
 *
 * @param version 0 before the first event
 */
public record Versioned<S>(long version, S state) {}
