package dev.headwater.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A Markdown file with its fenced code blocks; what the tests of the documentation look at. */
record MarkdownFile(Path path, List<String> lines) {
  private static final Set<String> SKIPPED = Set.of("target", "data", "node_modules");

  /**
   * A fenced code block.
   *
   * @param language the word behind the opening fence in lower case; may be empty
   * @param start index of the line with the opening fence
   * @param indent how far the fence is indented, as in lists
   * @param lines what is between the fences, without that indentation
   */
  record Block(String language, int start, int indent, List<String> lines) {
    String text() {
      return String.join("\n", lines);
    }
  }

  static MarkdownFile read(Path path) {
    try {
      return new MarkdownFile(path, Files.readAllLines(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Top of the repository. */
  static Path repository() {
    return Path.of("").toAbsolutePath().getParent();
  }

  /** All Markdown files of the repository, without what builds make. */
  static List<MarkdownFile> all() {
    List<MarkdownFile> found = new ArrayList<>();
    try {
      Files.walkFileTree(
          repository(),
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              String name = folder.getFileName().toString();
              return SKIPPED.contains(name) || name.startsWith(".")
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (file.toString().endsWith(".md")) {
                found.add(read(file));
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /** For messages: the path from the top of the repository and the line, from 1. */
  String at(int index) {
    Path shown = path.startsWith(repository()) ? repository().relativize(path) : path;
    return shown + ":" + (index + 1);
  }

  List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String fence = lines.get(i).stripLeading();
      if (fence.startsWith("```")) {
        int indent = lines.get(i).length() - fence.length();
        int end = i + 1;
        while (end < lines.size() && !lines.get(end).stripLeading().startsWith("```")) {
          end++;
        }
        blocks.add(new Block(language(fence), i, indent, unindented(i + 1, end, indent)));
        i = end;
      }
    }
    return blocks;
  }

  private static String language(String fence) {
    return fence.substring(3).strip().toLowerCase(Locale.ROOT).split("[^a-z0-9+-]", 2)[0];
  }

  private List<String> unindented(int from, int to, int indent) {
    return lines.subList(from, to).stream()
        .map(line -> line.isBlank() ? "" : line.substring(Math.min(indent, margin(line))))
        .toList();
  }

  private static int margin(String line) {
    return line.length() - line.stripLeading().length();
  }

  /** The lines outside of code blocks; the others are empty. */
  List<String> prose() {
    List<String> prose = new ArrayList<>(lines);
    for (Block block : blocks()) {
      for (int i = block.start(); i <= block.start() + block.lines().size(); i++) {
        prose.set(i, "");
      }
    }
    return prose;
  }
}
