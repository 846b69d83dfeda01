package dev.headwater.projection;

import java.time.Instant;

/**
 * What the last comparison of a version found.
 *
 * @param with the version that served then
 * @param same whether all tables were equal
 */
public record LastComparison(int with, Instant at, boolean same) {}
