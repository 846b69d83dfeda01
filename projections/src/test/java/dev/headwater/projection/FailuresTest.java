package dev.headwater.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailuresTest {
  @Nested
  class A_failure_that_may_pass_is_retried {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "08006", "25006", "25P03", "40001", "40P01", "53300", "55P03", "57014", "57P01", "HYT00",
          "HYT01", "90098"
        })
    void by_its_state(String state) {
      SQLException failure = new SQLException("x", state);
      assertThat(Failures.stateAfter(failure)).isEqualTo(ProjectionState.RETRYING);
      assertThat(Failures.isUnexplained(failure)).isFalse();
    }

    @Test
    void by_its_class_though_it_has_no_state() {
      SQLException failure = new SQLTransientConnectionException("no connection in time");
      assertThat(Failures.stateAfter(failure)).isEqualTo(ProjectionState.RETRYING);
      assertThat(Failures.isUnexplained(failure)).isFalse();
    }

    @Test
    void by_its_cause() {
      SQLException failure = new SQLException("x", new SQLException("y", "08006"));
      assertThat(Failures.stateAfter(failure)).isEqualTo(ProjectionState.RETRYING);
      assertThat(Failures.isUnexplained(failure)).isFalse();
    }
  }

  @Nested
  class A_failure_that_stays_is_not {
    @ParameterizedTest
    @ValueSource(strings = {"HY000", "HY004", "22001", "23505", "42S02"})
    void by_its_state(String state) {
      SQLException failure = new SQLException("x", state);
      assertThat(Failures.stateAfter(failure)).isEqualTo(ProjectionState.FAILED);
      assertThat(Failures.isUnexplained(failure)).isFalse();
    }
  }

  @Test
  void without_a_state_it_is_unexplained() {
    assertThat(Failures.isUnexplained(new SQLException("internal error", "XX000"))).isTrue();
    assertThat(Failures.isUnexplained(new SQLException("x"))).isTrue();
    assertThat(Failures.isUnexplained(new IllegalStateException(new SQLException("x")))).isTrue();
    assertThat(Failures.isUnexplained(new IllegalStateException("x"))).isFalse();
    assertThat(Failures.isUnexplained(new SQLException("x", "HY000"))).isFalse();
  }
}
