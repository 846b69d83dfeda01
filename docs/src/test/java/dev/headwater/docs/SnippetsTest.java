package dev.headwater.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java in every Markdown file is what the tests run. */
class SnippetsTest {
  private static final Snippets SNIPPETS =
      new Snippets(
          List.of(
              Path.of("src/test/java/dev/headwater/docs"),
              Path.of("src/test/resources/db"),
              Path.of("../es-axon/src/test/java/dev/headwater/axon/engine"),
              Path.of("../projections/src/test/java/dev/headwater/projection"),
              Path.of("../sample-trading/src/main/java/dev/headwater/trading/notice")));

  @Test
  void every_snippet_is_the_region_that_it_names() throws IOException {
    for (MarkdownFile file : MarkdownFile.all()) {
      if ("write".equals(System.getProperty("snippets"))) {
        List<String> rewritten = SNIPPETS.rewritten(file);
        if (!rewritten.equals(file.lines())) {
          Files.write(file.path(), rewritten);
        }
        file = MarkdownFile.read(file.path());
      }
      assertThat(SNIPPETS.problems(file)).isEmpty();
    }
  }

  @Test
  void the_files_that_carry_snippets_are_looked_at() {
    assertThat(MarkdownFile.all().stream().map(MarkdownFile::path))
        .contains(
            MarkdownFile.repository().resolve("README.md"),
            MarkdownFile.repository().resolve("docs/tutorial.md"));
  }

  /** The checker itself, on planted files. */
  @Nested
  class Checker {
    @TempDir Path folder;

    private Snippets snippets() throws IOException {
      Files.writeString(
          folder.resolve("Sample.java"),
          """
          class Sample {
            // tag::body
            int one = 1;

            // tag::inner
            int two() {
              return 2;
            }
            // end::inner
            // end::body
            // tag::open
          }
          """);
      return new Snippets(List.of(folder));
    }

    private MarkdownFile markdown(String text) throws IOException {
      Path path = folder.resolve("page.md");
      Files.writeString(path, text);
      return MarkdownFile.read(path);
    }

    @Test
    void a_snippet_that_is_its_region_passes_whatever_its_indentation() throws IOException {
      assertThat(snippets().region("Sample.java", "inner"))
          .containsExactly("int two() {", "  return 2;", "}");
      assertThat(
              snippets()
                  .problems(
                      markdown(
                          """
                          <!-- snippet: Sample.java#body -->
                          ```java
                          int one = 1;

                          int two() {
                            return 2;
                          }
                          ```
                          """)))
          .isEmpty();
    }

    @Test
    void a_snippet_that_differs_fails() throws IOException {
      assertThat(
              snippets()
                  .problems(
                      markdown(
                          """
                          # Page
                          <!-- snippet: Sample.java#inner -->
                          ```java
                          int two() {
                            return 3;
                          }
                          ```
                          """)))
          .singleElement()
          .asString()
          .contains("page.md:3", "differs from Sample.java#inner");
    }

    @Test
    void java_without_a_snippet_comment_fails_and_other_languages_do_not() throws IOException {
      assertThat(
              snippets()
                  .problems(
                      markdown(
                          """
                          ```java
                          int three = 3;
                          ```
                          ```bash
                          ls
                          ```
                          """)))
          .singleElement()
          .asString()
          .contains("page.md:1", "without a snippet comment");
    }

    @Test
    void a_block_in_a_list_is_looked_at_too() throws IOException {
      MarkdownFile stale =
          markdown(
              """
              1. First:

                 <!-- snippet: Sample.java#inner -->
                 ```Java
                 int two() {}
                 ```
              2. Second:
                 ```java
                 ```
              """);

      assertThat(snippets().problems(stale))
          .satisfiesExactly(
              problem -> assertThat(problem).contains("page.md:4", "differs"),
              problem -> assertThat(problem).contains("page.md:8", "without a snippet comment"));
      assertThat(snippets().rewritten(stale))
          .containsSequence(
              "   ```Java", "   int two() {", "     return 2;", "   }", "   ```", "2. Second:");
    }

    @Test
    void a_region_or_file_that_is_missing_fails() throws IOException {
      assertThat(
              snippets()
                  .problems(
                      markdown(
                          """
                          <!-- snippet: Sample.java#gone -->
                          ```java
                          ```
                          <!-- snippet: Gone.java#inner -->
                          ```java
                          ```
                          <!-- snippet: Sample.java#open -->
                          ```java
                          ```
                          """)))
          .satisfiesExactly(
              problem -> assertThat(problem).contains("Sample.java has no region 'gone'"),
              problem -> assertThat(problem).contains("there is no file Gone.java"),
              problem -> assertThat(problem).contains("has no region 'open' that ends"));
    }

    @Test
    void writing_mends_what_differs() throws IOException {
      MarkdownFile stale =
          markdown(
              """
              before
              <!-- snippet: Sample.java#inner -->
              ```java
              int two() {}
              ```
              after
              """);

      assertThat(snippets().rewritten(stale))
          .containsExactly(
              "before",
              "<!-- snippet: Sample.java#inner -->",
              "```java",
              "int two() {",
              "  return 2;",
              "}",
              "```",
              "after");
    }
  }
}
