package dev.headwater.benchmarks;

/**
 * What one round of a benchmark gave.
 *
 * @param count operations
 * @param perSecond operations a second
 * @param p50Micros half of the operations took at most so many microseconds
 * @param p99Micros 99 of 100 operations took at most so many microseconds
 * @param serverCpuMicros CPU time of the server for each operation
 * @param clientCpuMicros CPU time of the client for each operation; not a number where not known
 */
record Round(
    long count,
    double perSecond,
    double p50Micros,
    double p99Micros,
    double serverCpuMicros,
    double clientCpuMicros) {}
