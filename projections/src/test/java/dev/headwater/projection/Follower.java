package dev.headwater.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link FollowerProcess} as the test that started it sees it. */
final class Follower implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;
  private final Path hold;
  private final String instance;

  private Follower(Process process, Path hold) throws IOException {
    this.process = process;
    this.output = process.inputReader();
    this.hold = hold;
    this.instance = output.readLine();
    assertThat(instance).as("the process's first line").isNotNull();
  }

  /** Starts a process and waits until its runner is started. */
  static Follower start(String redis, String database, Duration lease, Path folder)
      throws IOException {
    return new Launch(redis, database, lease, folder).await();
  }

  /** A process that is being started. */
  static final class Launch {
    private final Process process;
    private final Path hold;

    Launch(String redis, String database, Duration lease, Path folder) throws IOException {
      hold = Files.createTempFile(folder, "hold", "");
      Files.delete(hold);
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx256m",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1", // it lives for seconds
                  "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                  "-cp",
                  System.getProperty("java.class.path"),
                  FollowerProcess.class.getName(),
                  redis,
                  database,
                  String.valueOf(lease.toMillis()),
                  hold.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    }

    Follower await() throws IOException {
      return new Follower(process, hold);
    }
  }

  String instance() {
    return instance;
  }

  /** Stops the process in the middle of a transaction, as soon as it handles an event. */
  void pauseInTransaction(Runnable write) throws Exception {
    Files.createFile(hold);
    write.run();
    assertThat(output.readLine()).isEqualTo(Movements.HOLDING);
    pause();
    Files.delete(hold);
  }

  /** SIGSTOP. */
  void pause() throws Exception {
    signal("STOP");
  }

  /** SIGCONT. */
  void wake() throws Exception {
    signal("CONT");
  }

  private void signal(String name) throws Exception {
    List<String> command = List.of("kill", "-" + name, String.valueOf(process.pid()));
    assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Asks it to end, and waits until it has. */
  void end() throws Exception {
    process.outputWriter().close();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
