package dev.headwater.benchmarks;

import java.util.stream.Stream;

/** CPU time that processes have used, in microseconds; not a number where the system is silent. */
final class Cpu {
  private Cpu() {}

  /** Of a server and its children, of which PostgreSQL has one for each connection. */
  static double ofServer(long pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(server -> Stream.concat(Stream.of(server), server.descendants()))
        .mapToDouble(Cpu::micros)
        .reduce((sum, cpu) -> sum + cpu)
        .orElse(Double.NaN);
  }

  static double own() {
    return micros(ProcessHandle.current());
  }

  private static double micros(ProcessHandle process) {
    return process.info().totalCpuDuration().map(cpu -> cpu.toNanos() / 1e3).orElse(Double.NaN);
  }
}
