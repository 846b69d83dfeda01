package dev.headwater.benchmarks;

/** CPU time that processes have used. */
final class Cpu {
  private Cpu() {}

  /** In microseconds; not a number where the system doesn't tell. */
  static double micros(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .map(cpu -> cpu.toNanos() / 1e3)
        .orElse(Double.NaN);
  }

  static double ownMicros() {
    return micros(ProcessHandle.current().pid());
  }
}
