package dev.headwater.readmodel;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table whose pending changes are the same operations on the same columns: one statement
 * writes them all.
 */
record Shape(List<@Nullable Op> ops, List<PendingRow> rows) {

  /** What is done to a changed column. */
  Op op(int column) {
    return Objects.requireNonNull(ops.get(column));
  }

  /** Places of the columns that are changed. */
  List<Integer> changed() {
    List<Integer> changed = new ArrayList<>();
    for (int i = 0; i < ops.size(); i++) {
      if (ops.get(i) != null) {
        changed.add(i);
      }
    }
    return changed;
  }
}
