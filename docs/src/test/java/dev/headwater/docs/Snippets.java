package dev.headwater.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares the code in Markdown files with the regions of the tests that it is cut from, or copies
 * it from there.
 *
 * <p>A region begins at a line with {@code tag::name} and ends at one with {@code end::name}. A
 * block is tied to it by the line above its opening fence, a comment such as {@code <!-- snippet:
 * TutorialTest.java#decider -->}.
 */
final class Snippets {
  private static final Pattern COMMENT =
      Pattern.compile("<!-- snippet: ([A-Za-z0-9_./]+)#([a-z0-9-]+) -->");
  private static final Pattern MARK = Pattern.compile("(tag|end)::([a-z0-9-]+)");

  private final List<Path> folders;

  /** Looks for files in these folders, in this order. */
  Snippets(List<Path> folders) {
    this.folders = folders;
  }

  /** What is wrong with a file: nothing, or a line for each block. */
  List<String> problems(MarkdownFile file) {
    List<String> problems = new ArrayList<>();
    for (MarkdownFile.Block block : file.blocks()) {
      Matcher comment = commentAbove(file, block);
      if (comment == null) {
        if (block.language().equals("java")) {
          problems.add(file.at(block.start()) + ": Java without a snippet comment above it");
        }
        continue;
      }
      try {
        List<String> region = region(comment.group(1), comment.group(2));
        if (!region.equals(block.lines())) {
          problems.add(
              file.at(block.start())
                  + ": differs from "
                  + comment.group(1)
                  + "#"
                  + comment.group(2)
                  + "; write it anew with -Dsnippets=write");
        }
      } catch (IllegalArgumentException e) {
        problems.add(file.at(block.start()) + ": " + e.getMessage());
      }
    }
    return problems;
  }

  /** The file's lines with each snippet as it is in its region now. */
  List<String> rewritten(MarkdownFile file) {
    List<String> lines = new ArrayList<>(file.lines());
    for (MarkdownFile.Block block : file.blocks().reversed()) {
      Matcher comment = commentAbove(file, block);
      if (comment != null) {
        List<String> inside =
            lines.subList(block.start() + 1, block.start() + 1 + block.lines().size());
        inside.clear();
        String margin = " ".repeat(block.indent());
        for (String line : region(comment.group(1), comment.group(2))) {
          inside.add(line.isEmpty() ? "" : margin + line);
        }
      }
    }
    return lines;
  }

  private static Matcher commentAbove(MarkdownFile file, MarkdownFile.Block block) {
    if (block.start() == 0) {
      return null;
    }
    Matcher comment = COMMENT.matcher(file.lines().get(block.start() - 1).strip());
    return comment.matches() ? comment : null;
  }

  /** The lines of a region without other marks, indentation and blank lines around it. */
  List<String> region(String name, String tag) {
    List<String> region = new ArrayList<>();
    boolean inside = false;
    boolean found = false;
    for (String line : read(name)) {
      Matcher mark = MARK.matcher(line);
      if (mark.find()) {
        if (mark.group(2).equals(tag)) {
          inside = mark.group(1).equals("tag");
          found = true;
        }
      } else if (inside) {
        region.add(line);
      }
    }
    if (!found || inside) {
      throw new IllegalArgumentException(
          name + " has no region '" + tag + "'" + (inside ? " that ends" : ""));
    }
    return unindented(region);
  }

  private List<String> read(String name) {
    for (Path folder : folders) {
      Path file = folder.resolve(name);
      if (Files.isRegularFile(file)) {
        try {
          return Files.readAllLines(file);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    throw new IllegalArgumentException("there is no file " + name + " in " + folders);
  }

  private static List<String> unindented(List<String> lines) {
    // A blank last line would count as one without indentation.
    String text = String.join("\n", lines).stripTrailing().stripIndent().strip();
    return List.of(text.split("\n", -1));
  }
}
