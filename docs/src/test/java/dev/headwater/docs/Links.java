package dev.headwater.docs;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds relative links of a Markdown file that lead nowhere. */
final class Links {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern ABSOLUTE = Pattern.compile("[a-z][a-z0-9+.-]*:.*");

  private Links() {}

  /** A line for each link to a file or heading that is not there. */
  static List<String> broken(MarkdownFile file) {
    List<String> broken = new ArrayList<>();
    List<String> prose = file.prose();
    for (int i = 0; i < prose.size(); i++) {
      Matcher link = LINK.matcher(prose.get(i));
      while (link.find()) {
        String target = link.group(1);
        if (!ABSOLUTE.matcher(target).matches() && !resolves(file, target)) {
          broken.add(file.at(i) + ": nothing at " + target);
        }
      }
    }
    return broken;
  }

  private static boolean resolves(MarkdownFile file, String link) {
    String[] parts = URLDecoder.decode(link, StandardCharsets.UTF_8).split("#", 2);
    Path target =
        parts[0].isEmpty() ? file.path() : file.path().resolveSibling(parts[0]).normalize();
    return Files.exists(target)
        && (parts.length == 1 || headings(MarkdownFile.read(target)).contains(parts[1]));
  }

  /** The anchors that headings get: lower case, words joined by hyphens, other signs left out. */
  private static Set<String> headings(MarkdownFile file) {
    Set<String> anchors = new HashSet<>();
    for (String line : file.prose()) {
      if (line.matches("#{1,6} .*")) {
        anchors.add(
            line.replaceFirst("#+ ", "")
                .strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-'));
      }
    }
    return anchors;
  }
}
