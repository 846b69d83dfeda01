package dev.headwater.benchmarks;

import java.util.OptionalDouble;
import java.util.stream.Stream;

/** CPU time that processes have used, in microseconds; not a number where the system is silent. */
final class Cpu {
  private Cpu() {}

  /** Of one process, such as Redis. */
  static double of(long pid) {
    return sum(ProcessHandle.of(pid).stream());
  }

  /** Of a process and its children, of which PostgreSQL has one for each connection. */
  static double ofFamily(long pid) {
    return sum(
        ProcessHandle.of(pid).stream()
            .flatMap(parent -> Stream.concat(Stream.of(parent), parent.descendants())));
  }

  static double own() {
    return sum(Stream.of(ProcessHandle.current()));
  }

  private static double sum(Stream<ProcessHandle> processes) {
    OptionalDouble sum =
        processes
            .flatMap(process -> process.info().totalCpuDuration().stream())
            .mapToDouble(cpu -> cpu.toNanos() / 1e3)
            .reduce(Double::sum);
    return sum.orElse(Double.NaN);
  }
}
