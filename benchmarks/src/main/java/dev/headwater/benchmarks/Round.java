package dev.headwater.benchmarks;

/**
 * What one round of a benchmark gave.
 *
 * @param perSecond operations a second
 * @param p50Micros half of the operations took at most so long
 * @param p99Micros 99 of 100 operations took at most so long
 * @param serverCpuMicros CPU time of the server for each operation
 * @param clientCpuMicros CPU time of the client for each operation
 */
record Round(
    double perSecond,
    double p50Micros,
    double p99Micros,
    double serverCpuMicros,
    double clientCpuMicros) {}
