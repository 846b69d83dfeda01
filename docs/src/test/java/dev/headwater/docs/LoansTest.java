package dev.headwater.docs;

import static dev.headwater.projection.test.Columns.columns;
import static dev.headwater.projection.test.Key.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.docs.TutorialTest.CopyLent;
import dev.headwater.docs.TutorialTest.CopyReturned;
import dev.headwater.docs.TutorialTest.LoanRenewed;
import dev.headwater.docs.TutorialTest.Loans;
import dev.headwater.projection.test.OnPostgreSql;
import dev.headwater.projection.test.ProjectionFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The code of the page on tests of projections. */
class LoansTest {
  private static final Instant MONDAY = Instant.parse("2026-03-02T10:00:00Z");
  private static final Instant DUE = MONDAY.plus(Duration.ofDays(28));

  // tag::fixture
  @RegisterExtension
  final ProjectionFixture loans =
      ProjectionFixture.of(new Loans(), TutorialTest.CODEC).withMigrations("classpath:db/library");

  // end::fixture

  // tag::example
  @Test
  void a_renewal_moves_the_day_and_is_counted() {
    loans
        .in("Copy", "emma-1")
        .at(MONDAY)
        .given(new CopyLent("carl", DUE))
        .after(Duration.ofDays(7))
        .when(new LoanRenewed(DUE.plus(Duration.ofDays(7))))
        .thenRow(
            "loans",
            key("emma-1"),
            columns("member", "carl", "due", DUE.plus(Duration.ofDays(7)), "renewals", 1));
  }

  // end::example

  // tag::more
  @Test
  void a_returned_copy_is_on_no_loan_and_a_replay_says_the_same() {
    loans
        .in("Copy", "emma-1")
        .given(new CopyLent("carl", DUE))
        .in("Copy", "moby-dick-1")
        .given(new CopyLent("carl", DUE))
        .when(new CopyReturned("carl", 3))
        .thenNoRow("loans", key("moby-dick-1"))
        .thenRows("members", columns("member", "carl", "borrowed", 2, "late_returns", 1))
        .thenReplayGivesTheSame();
  }

  // end::more

  // tag::postgresql
  @Test
  @OnPostgreSql
  void a_loan_is_shown_on_postgresql_too() {
    loans
        .in("Copy", "emma-1")
        .when(new CopyLent("carl", DUE))
        .thenRow("loans", key("emma-1"), columns("member", "carl", "due", DUE, "renewals", 0));
  }

  // end::postgresql

  @Test
  void a_failed_expectation_says_what_the_page_shows() throws IOException {
    String page =
        Files.readString(MarkdownFile.repository().resolve("docs/how-to/test-a-projection.md"));
    assertThatThrownBy(
            () ->
                loans
                    .in("Copy", "emma-1")
                    .at(MONDAY)
                    .given(new CopyLent("carl", DUE))
                    .when(new LoanRenewed(DUE))
                    .thenRow("loans", key("emma-1"), columns("member", "carl", "renewals", 2)))
        .isInstanceOf(AssertionError.class)
        .satisfies(error -> assertThat(page).contains(error.getMessage()));
  }
}
