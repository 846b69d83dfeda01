package dev.headwater.projection;

import dev.headwater.event.StreamId;
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
 * @param parkedServing aggregates that the version that serves does not go on with: its rows of
 *     them are old, so they are bound to differ unless the other one has parked them at the same
 *     event
 * @param parkedOther those of the other version, and those that it would park at an event that it
 *     has yet to apply
 */
public record Comparison(
    ProjectionId serving,
    ProjectionId other,
    long positionsApart,
    List<TableComparison> tables,
    List<String> onlyServing,
    List<String> onlyOther,
    List<StreamId> parkedServing,
    List<StreamId> parkedOther) {
  /** Copies the lists. */
  public Comparison {
    tables = List.copyOf(tables);
    onlyServing = List.copyOf(onlyServing);
    onlyOther = List.copyOf(onlyOther);
    parkedServing = List.copyOf(parkedServing);
    parkedOther = List.copyOf(parkedOther);
  }

  /** Whether all rows of the common tables are equal in the common columns. */
  public boolean isSame() {
    return tables.stream().allMatch(TableComparison::isSame);
  }
}
