import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Checks or fixes the format of every Java file of the project with google-java-format. Run by the
 * root build: {@code mvn -N validate -Dformat=fix}.
 */
public final class Format {
  public static void main(String[] args) throws Exception {
    boolean fix = args[0].equals("fix");
    Formatter formatter = new Formatter();
    List<Path> sources;
    try (var tree = Files.walk(Path.of("").toAbsolutePath())) {
      sources =
          tree.filter(path -> path.toString().endsWith(".java"))
              .filter(path -> !path.toString().contains("/target/"))
              .sorted()
              .toList();
    }
    List<Path> unformatted =
        sources.parallelStream().filter(source -> differs(source, formatter, fix)).toList();
    for (Path source : unformatted) {
      System.err.println((fix ? "formatted " : "not formatted: ") + source);
    }
    if (!unformatted.isEmpty() && !fix) {
      System.err.println("Run: mvn -N validate -Dformat=fix");
      System.exit(1);
    }
  }

  private static boolean differs(Path source, Formatter formatter, boolean fix) {
    try {
      String before = Files.readString(source);
      String after = formatter.formatSourceAndFixImports(before);
      if (fix && !before.equals(after)) {
        Files.writeString(source, after);
      }
      return !before.equals(after);
    } catch (IOException | FormatterException e) {
      throw new IllegalStateException("can't format " + source + ": " + e.getMessage(), e);
    }
  }
}
