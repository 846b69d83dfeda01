package dev.headwater.readmodel;

import java.util.List;

/**
 * A table as two versions of a projection have it.
 *
 * @param serving rows and checksum of the version that serves, over the columns of both
 * @param other the same of the other version
 * @param differing rows that only one of them has or that differ
 * @param sample some of these
 * @param columnsOnlyServing columns that the other version does not have
 * @param columnsOnlyOther columns that the version that serves does not have
 */
public record TableComparison(
    String table,
    TableFingerprint serving,
    TableFingerprint other,
    long differing,
    List<RowDifference> sample,
    List<String> columnsOnlyServing,
    List<String> columnsOnlyOther) {
  /** Copies the lists. */
  public TableComparison {
    sample = List.copyOf(sample);
    columnsOnlyServing = List.copyOf(columnsOnlyServing);
    columnsOnlyOther = List.copyOf(columnsOnlyOther);
  }

  /** Whether all rows are equal in the columns that both have. */
  public boolean isSame() {
    return serving.equals(other);
  }
}
