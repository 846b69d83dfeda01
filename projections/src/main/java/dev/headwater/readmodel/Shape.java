package dev.headwater.readmodel;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table whose pending changes are the same operations on the same columns: one statement
 * writes them all.
 */
record Shape(List<@Nullable Op> ops, List<PendingRow> rows) {

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
