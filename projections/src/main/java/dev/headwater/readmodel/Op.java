package dev.headwater.readmodel;

import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a change does to a column. Two changes of one column are again one change where {@link
 * #merges} says so; that is what makes a batch write each row once.
 */
enum Op {
  SET,
  ADD,
  MIN,
  MAX,
  IF_ABSENT;

  /** Whether this operation followed by {@code next} is one operation. */
  boolean merges(Op next) {
    return next == SET || this == SET || this == next || next == IF_ABSENT;
  }

  /** The operation that this one and {@code next} together are. */
  Op merged(Op next) {
    return next == SET ? SET : this;
  }

  /** The operand of {@link #merged}. */
  @Nullable Object mergedValue(@Nullable Object value, Op next, @Nullable Object nextValue) {
    if (this != SET && next == IF_ABSENT) {
      return value; // ADD, MIN and MAX leave no null behind
    }
    return next.apply(value, nextValue);
  }

  /** The column's value after this operation. */
  @Nullable Object apply(@Nullable Object current, @Nullable Object value) {
    if (current == null || this == SET) {
      return value;
    }
    return switch (this) {
      case ADD -> plus(current, Objects.requireNonNull(value));
      case MIN -> compare(current, Objects.requireNonNull(value)) <= 0 ? current : value;
      case MAX -> compare(current, Objects.requireNonNull(value)) >= 0 ? current : value;
      case IF_ABSENT, SET -> current;
    };
  }

  private static Object plus(Object current, Object amount) {
    if (current instanceof Long a && amount instanceof Long b) {
      return Math.addExact(a, b);
    }
    return decimal(current).add(decimal(amount));
  }

  private static int compare(Object a, Object b) {
    return a.getClass() == b.getClass() ? Values.compare(a, b) : decimal(a).compareTo(decimal(b));
  }

  private static BigDecimal decimal(Object value) {
    return switch (value) {
      case Long number -> BigDecimal.valueOf(number);
      case BigDecimal number -> number;
      default ->
          throw new IllegalArgumentException(
              "a column that was set to "
                  + Values.show(value)
                  + " can't be combined with a number");
    };
  }
}
