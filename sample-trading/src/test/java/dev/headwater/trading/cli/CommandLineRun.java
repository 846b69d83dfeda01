package dev.headwater.trading.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One run of the command line in this JVM: what it printed and how it ended. */
record CommandLineRun(int status, String out, String err) {
  /** Runs a command on a data folder. */
  static CommandLineRun on(Path data, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data", data.toString(), "--headless"));
    return of(all.toArray(String[]::new));
  }

  static CommandLineRun of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        Trading.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments);
    return new CommandLineRun(status, out.toString(), err.toString());
  }

  JsonNode json() {
    if (status != 0) {
      throw new AssertionError("status " + status + ": " + err);
    }
    return JsonMapper.shared().readTree(out);
  }
}
