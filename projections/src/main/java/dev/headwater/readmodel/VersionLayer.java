package dev.headwater.readmodel;

/**
 * A version of a read model, as far as views need to know it.
 *
 * @param projection whose tables they are
 * @param schema where they are
 */
public record VersionLayer(String projection, int version, String schema) {}
