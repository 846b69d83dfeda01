package dev.headwater.trading.cli;

import dev.headwater.redis.RedisDoctor;
import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.TlsOptions;
import dev.headwater.redis.doctor.Diagnosis;
import dev.headwater.redis.doctor.Finding;
import dev.headwater.redis.doctor.Severity;
import dev.headwater.store.StoreUnavailableException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./trading doctor}: whether a Redis server is configured as an event store needs it. */
@Command(
    name = "doctor",
    description =
        "Looks whether a Redis server is configured as an event store needs it, and says what to"
            + " set. Changes nothing.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private static final int HEALTHY = 0;
  private static final int FOUND = 1;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "URI",
      arity = "0..1",
      description =
          "redis://[[user]:password@]host:port, rediss:// for TLS (default: ${DEFAULT-VALUE})")
  private String uri = "redis://127.0.0.1:6379";

  @Option(names = "--strict", description = "warnings fail too")
  private boolean strict;

  @Option(
      names = "--authority",
      paramLabel = "FILE",
      description = "PEM file of the authority that signed the server's TLS certificate")
  private @Nullable Path authority;

  @Override
  public Integer call() {
    try {
      RedisStoreOptions options = RedisStoreOptions.at(uri);
      return report(
          RedisDoctor.examine(
              authority == null ? options : options.withTls(TlsOptions.trusting(authority))));
    } catch (StoreUnavailableException | IllegalArgumentException e) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("trading: " + e.getMessage());
      err.flush();
      return ExitCode.USAGE;
    }
  }

  private int report(Diagnosis diagnosis) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(diagnosis.server());
    for (Finding finding : diagnosis.findings()) {
      out.printf(
          "%-8s %-26s %s%n",
          finding.severity().name().toLowerCase(Locale.ROOT), finding.check(), finding.found());
      if (!finding.advice().isEmpty()) {
        out.printf("%9s%s%n", "", finding.advice());
      }
    }
    out.printf(
        "%s, %s%n",
        counted(diagnosis.count(Severity.ERROR), "error"),
        counted(diagnosis.count(Severity.WARNING), "warning"));
    out.flush();
    Severity fails = strict ? Severity.WARNING : Severity.ERROR;
    return diagnosis.worst().compareTo(fails) < 0 ? HEALTHY : FOUND;
  }

  private static String counted(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }
}
