package dev.headwater.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Compares the {@code ./trading} commands in Markdown files with those of the program. */
final class CommandLineDocs {
  private static final Pattern INVOCATION = Pattern.compile("\\./trading((?: +[^\\s`|;)#]+)*)");
  private static final Pattern OPTION = Pattern.compile("\\[?(--?[a-zA-Z][a-z-]*)(?:[=\\]].*)?");

  private CommandLineDocs() {}

  /** A line for each command or option that the program does not have. */
  static List<String> unknown(MarkdownFile file, CommandSpec program) {
    List<String> unknown = new ArrayList<>();
    List<String> lines = joined(file.lines());
    for (int i = 0; i < lines.size(); i++) {
      Matcher invocation = INVOCATION.matcher(lines.get(i));
      while (invocation.find()) {
        for (String problem : problems(invocation.group(1).strip(), program)) {
          unknown.add(file.at(i) + ": " + problem);
        }
      }
    }
    return unknown;
  }

  /** A line that ends with a backslash goes on with the next one. */
  private static List<String> joined(List<String> lines) {
    List<String> joined = new ArrayList<>(lines);
    for (int i = joined.size() - 2; i >= 0; i--) {
      String line = joined.get(i);
      if (line.endsWith("\\")) {
        joined.set(i, line.substring(0, line.length() - 1) + joined.get(i + 1));
        joined.set(i + 1, "");
      }
    }
    return joined;
  }

  private static List<String> problems(String arguments, CommandSpec program) {
    List<String> problems = new ArrayList<>();
    CommandSpec command = program;
    for (String word : arguments.isEmpty() ? List.<String>of() : List.of(arguments.split(" +"))) {
      Matcher option = OPTION.matcher(word);
      if (option.matches()) {
        String name = option.group(1);
        if (command.findOption(name) == null) {
          problems.add("'" + command.name() + "' has no option " + name);
        }
      } else if (!command.subcommands().isEmpty() && word.matches("[a-z]+")) {
        if (command.subcommands().containsKey(word)) {
          command = command.subcommands().get(word).getCommandSpec();
        } else {
          problems.add("there is no command '" + word + "'");
        }
      }
    }
    return problems;
  }

  /** A line for each command or option of the program that a page does not describe. */
  static List<String> undescribed(MarkdownFile page, CommandSpec program) {
    List<String> missing = new ArrayList<>();
    program
        .subcommands()
        .forEach(
            (name, command) -> {
              String section = section(page, "## `" + name);
              if (section.isEmpty()) {
                missing.add("there is no section '## `" + name + "`'");
              }
              for (OptionSpec option : options(command.getCommandSpec())) {
                if (!option.usageHelp()
                    && !option.versionHelp()
                    && !section.contains("`" + option.longestName())
                    && !section(page, "## Options of every command")
                        .contains("`" + option.longestName())) {
                  missing.add(name + " " + option.longestName());
                }
              }
            });
    return missing;
  }

  /** Those of a command and of its own commands. */
  private static List<OptionSpec> options(CommandSpec command) {
    List<OptionSpec> all = new ArrayList<>(command.options());
    command.subcommands().values().forEach(sub -> all.addAll(options(sub.getCommandSpec())));
    return all;
  }

  private static String section(MarkdownFile page, String heading) {
    StringBuilder section = new StringBuilder();
    boolean inside = false;
    for (String line : page.lines()) {
      if (line.startsWith("## ")) {
        inside = line.startsWith(heading);
      }
      if (inside) {
        section.append(line).append('\n');
      }
    }
    return section.toString();
  }
}
