package dev.headwater.projection;

import dev.headwater.readmodel.TableComparison;
import java.util.List;

/**
 * What differs between the version that serves and another one.
 *
 * @param positionsApart events that one of them had applied and the other had not; 0 unless one of
 *     them did not go on, then differences may come from these events
 * @param tables those that both have
 * @param onlyServing tables and views that the other version does not have
 * @param onlyOther tables and views that the version that serves does not have
 */
public record Comparison(
    ProjectionId serving,
    ProjectionId other,
    long positionsApart,
    List<TableComparison> tables,
    List<String> onlyServing,
    List<String> onlyOther) {
  /** Copies the lists. */
  public Comparison {
    tables = List.copyOf(tables);
    onlyServing = List.copyOf(onlyServing);
    onlyOther = List.copyOf(onlyOther);
  }

  /** Whether all rows of the common tables are equal in the common columns. */
  public boolean isSame() {
    return tables.stream().allMatch(TableComparison::isSame);
  }
}
