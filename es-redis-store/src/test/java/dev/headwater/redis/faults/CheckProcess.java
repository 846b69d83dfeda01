package dev.headwater.redis.faults;

import dev.headwater.redis.RedisEventStore;
import dev.headwater.redis.RedisStoreOptions;
import dev.headwater.redis.StoreCheck;
import dev.headwater.redis.check.CheckReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The checker as a process of its own, which knows nothing but the server and the ledger. */
final class CheckProcess {
  private static final String DONE = "checked ";

  private CheckProcess() {}

  /**
   * What it found.
   *
   * @param findings one line each
   * @param lost acknowledged commits that are gone, and may be
   * @param commits how many the store has
   * @param events how many the store has
   */
  record Verdict(List<String> findings, long lost, long commits, long events) {}

  static Verdict check(RedisStoreOptions options, Path ledger) {
    List<String> findings = new ArrayList<>();
    Consumer<String> take = findings::add;
    CheckReport report = StoreCheck.run(options, finding -> take.accept(finding.toString()));
    try (RedisEventStore store = RedisEventStore.connect(options)) {
      LedgerCheck check = new LedgerCheck(store, take);
      long commits = check.run(Ledger.read(ledger));
      return new Verdict(findings, check.lostAtKills(), commits, report.events());
    }
  }

  /** Arguments: URI, namespace, ledger's file. */
  public static void main(String[] args) {
    Verdict verdict = check(RedisStoreOptions.at(args[0]).withNamespace(args[1]), Path.of(args[2]));
    verdict.findings.forEach(System.out::println);
    System.out.println(DONE + verdict.lost + " " + verdict.commits + " " + verdict.events);
  }

  /** Starts it and waits for its verdict. */
  static Verdict run(RedisStoreOptions options, Path ledger)
      throws IOException, InterruptedException {
    Process process =
        Jvm.start(CheckProcess.class, options.uri(), options.namespace(), ledger.toString());
    List<String> lines = new ArrayList<>(process.inputReader().lines().toList());
    int exit = process.waitFor();
    if (exit != 0 || lines.isEmpty() || !lines.getLast().startsWith(DONE)) {
      throw new AssertionError("the checker ended with status " + exit + ": " + lines);
    }
    String[] counts = lines.removeLast().substring(DONE.length()).split(" ");
    return new Verdict(
        lines, Long.parseLong(counts[0]), Long.parseLong(counts[1]), Long.parseLong(counts[2]));
  }
}
