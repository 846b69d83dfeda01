package dev.headwater.trading.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FixedPointTest {
  @Nested
  class text {
    @ParameterizedTest
    @CsvSource({
      "0, 0, 0",
      "585.33, 58533000000, 585.33",
      "585.330, 58533000000, 585.33",
      "0.00000001, 1, 0.00000001",
      "007, 700000000, 7",
      "-0.5, -50000000, -0.5",
      "-12.25, -1225000000, -12.25",
      "92233720368.54775807, 9223372036854775807, 92233720368.54775807"
    })
    void becomes_units_and_plain_decimals_again(String text, long units, String plain) {
      assertThat(Price.parse(text)).isEqualTo(new Price(units)).hasToString(plain);
      assertThat(Quantity.parse(text)).isEqualTo(new Quantity(units)).hasToString(plain);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"", "-", ".", "1.", ".5", "12.x", "1e5", "+1", "1,5", " 1", "1.2.3", "--1"})
    void that_is_no_decimal_is_refused(String text) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Price.parse(text))
          .withMessage("'" + text + "' is not a decimal number");
    }

    @Test
    void with_more_decimals_than_fit_is_refused() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Quantity.parse("1.123456789"))
          .withMessage("'1.123456789' has more than 8 decimals");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"92233720368.54775808", "99999999999", "123456789012345678901234567890"})
    void out_of_range_is_refused(String text) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Price.parse(text))
          .withMessage("'" + text + "' is out of range: at most 92233720368.54775807");
    }
  }

  @Nested
  class arithmetic {
    @Test
    void that_leaves_the_range_throws() {
      Quantity most = new Quantity(Long.MAX_VALUE);
      assertThatThrownBy(() -> most.plus(new Quantity(1))).isInstanceOf(ArithmeticException.class);
      assertThatThrownBy(() -> Quantity.of(Long.MAX_VALUE)).isInstanceOf(ArithmeticException.class);
      assertThat(most.overflowsWith(new Quantity(1))).isTrue();
      assertThat(most.overflowsWith(Quantity.ZERO)).isFalse();
    }

    @Test
    void of_scaled_prices_is_exact() {
      assertThat(Price.ofScaled(5_853_300, 4)).hasToString("585.33");
    }

    @Test
    void of_ticks_is_exact() {
      assertThat(Price.parse("1.00").plusTicks(-3, Price.parse("0.05"))).hasToString("0.85");
      assertThat(Price.parse("0.85").isMultipleOf(Price.parse("0.05"))).isTrue();
      assertThat(Price.parse("0.86").isMultipleOf(Price.parse("0.05"))).isFalse();
    }
  }
}
