package dev.headwater.trading.cli;

import java.io.PrintWriter;

/** Tells of fills while a command runs. */
interface Notices extends AutoCloseable {
  /** Tells nobody. */
  Notices NONE =
      new Notices() {
        @Override
        public void finish(PrintWriter out, PrintWriter err) {}

        @Override
        public void close() {}
      };

  /** Waits until those of what is stored now were sent, and says how many there were. */
  void finish(PrintWriter out, PrintWriter err);

  @Override
  void close();
}
