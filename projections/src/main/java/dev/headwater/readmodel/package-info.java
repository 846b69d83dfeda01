/**
 * Read models as SQL tables: what projections write and analysts query.
 *
 * <p>A {@link dev.headwater.readmodel.Table} names a table; {@link dev.headwater.readmodel.Rows} is
 * how a handler changes it, one row at a time, while {@link dev.headwater.readmodel.RowBatch}
 * coalesces the changes and writes them in few statements. {@link
 * dev.headwater.readmodel.ReadModelDatabase} opens databases, {@link
 * dev.headwater.readmodel.Migrations} makes schemas, {@link
 * dev.headwater.readmodel.ReadModelFingerprint} proves that two contents are equal. Nothing here
 * knows events.
 */
@NullMarked
package dev.headwater.readmodel;

import org.jspecify.annotations.NullMarked;
