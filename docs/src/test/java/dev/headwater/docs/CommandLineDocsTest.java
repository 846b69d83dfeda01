package dev.headwater.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.trading.cli.Trading;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;

/** What the pages say of {@code ./trading} is what the program takes. */
class CommandLineDocsTest {
  private static final CommandSpec PROGRAM = Trading.commandLine().getCommandSpec();

  @Test
  void every_command_and_option_that_a_page_names_exists() {
    assertThat(
            MarkdownFile.all().stream()
                .flatMap(file -> CommandLineDocs.unknown(file, PROGRAM).stream()))
        .isEmpty();
  }

  @Test
  void the_reference_describes_every_command_and_option() {
    Path page = MarkdownFile.repository().resolve("docs/reference/cli.md");

    assertThat(CommandLineDocs.undescribed(MarkdownFile.read(page), PROGRAM)).isEmpty();
  }

  @Test
  void a_command_or_option_that_does_not_exist_is_found() {
    MarkdownFile page =
        new MarkdownFile(
            Path.of("page.md"),
            List.of(
                "Run `./trading demo --orders 10 [--seed S]`, then `./trading dance`.",
                "./trading replay --backwards",
                "./trading import --format lobster \\",
                "  messages.csv --cheque book.csv"));

    assertThat(CommandLineDocs.unknown(page, PROGRAM))
        .containsExactly(
            "page.md:1: there is no command 'dance'",
            "page.md:2: 'replay' has no option --backwards",
            "page.md:3: 'import' has no option --cheque");
  }

  @Test
  void a_command_or_option_that_is_not_described_is_found() {
    MarkdownFile page =
        new MarkdownFile(Path.of("page.md"), List.of("## `demo`", "`--orders N`, `--seed S`"));

    assertThat(CommandLineDocs.undescribed(page, PROGRAM))
        .contains("demo --data", "there is no section '## `replay`'")
        .doesNotContain("demo --orders", "demo --seed");
  }
}
