package dev.headwater.projection.test;

import java.util.ArrayList;
import java.util.List;

/** Shows how two bags of rows differ. */
final class Difference {
  private Difference() {}

  /** Common rows, missing ones ({@code -}) and surplus ones ({@code +}); empty if there is none. */
  static String of(List<?> expected, List<?> actual) {
    List<Object> surplus = new ArrayList<>(actual);
    StringBuilder lines = new StringBuilder();
    boolean missing = false;
    for (Object row : expected) {
      boolean found = surplus.remove(row);
      missing |= !found;
      lines.append(found ? "then    " : "then  - ").append(row).append('\n');
    }
    if (!missing && surplus.isEmpty()) {
      return "";
    }
    surplus.forEach(row -> lines.append("then  + ").append(row).append('\n'));
    return lines.toString();
  }
}
