import com.google.googlejavaformat.java.Formatter;
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
    int unformatted = 0;
    for (Path source : sources) {
      String before = Files.readString(source);
      String after = formatter.formatSourceAndFixImports(before);
      if (before.equals(after)) {
        continue;
      }
      unformatted++;
      if (fix) {
        Files.writeString(source, after);
      }
      System.err.println((fix ? "formatted " : "not formatted: ") + source);
    }
    if (unformatted > 0 && !fix) {
      System.err.println("Run: mvn -N validate -Dformat=fix");
      System.exit(1);
    }
  }
}
