package dev.headwater.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Relative links lead somewhere. */
class LinksTest {
  @Test
  void every_relative_link_of_every_page_resolves() {
    List<String> broken =
        MarkdownFile.all().stream().flatMap(file -> Links.broken(file).stream()).toList();

    assertThat(broken).isEmpty();
  }

  @Test
  void every_page_of_the_documentation_is_reached_from_its_index() throws IOException {
    Path docs = MarkdownFile.repository().resolve("docs");
    String index = Files.readString(docs.resolve("README.md"));
    List<String> pages =
        MarkdownFile.all().stream()
            .map(MarkdownFile::path)
            .filter(path -> path.startsWith(docs) && !path.endsWith("docs/README.md"))
            .map(path -> docs.relativize(path).toString())
            .toList();

    assertThat(pages).isNotEmpty().allSatisfy(page -> assertThat(index).contains("(" + page + ")"));
  }

  @Test
  void a_link_to_a_file_or_heading_that_is_missing_is_found(@TempDir Path folder)
      throws IOException {
    Files.writeString(folder.resolve("there.md"), "# It is here: `really`\n");
    Path page = folder.resolve("page.md");
    Files.writeString(
        page,
        """
        [good](there.md) and [good](there.md#it-is-here-really), [own](#top), [web](https://x.example)
        # Top
        [bad](gone.md)
        [bad](there.md#not-here)
        ```
        [code](is/not/a/link.md)
        ```
        """);

    assertThat(Links.broken(MarkdownFile.read(page)))
        .satisfiesExactly(
            first -> assertThat(first).contains("page.md:3", "gone.md"),
            second -> assertThat(second).contains("page.md:4", "there.md#not-here"));
  }
}
