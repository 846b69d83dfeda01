/**
 * Read models as SQL tables: what projections write and analysts query.
 *
 * <p>A {@link dev.headwater.readmodel.Table} names a table; {@link dev.headwater.readmodel.Rows} is
 * how a handler changes it, one row at a time, while {@link dev.headwater.readmodel.RowBatch}
 * coalesces the changes and writes them in few statements. {@link
 * dev.headwater.readmodel.ReadModelDatabase} opens databases, {@link
 * dev.headwater.readmodel.Migrations} makes schemas, {@link
 * dev.headwater.readmodel.ReadModelFingerprint} proves that two contents are equal.
 *
 * <p>Depends on {@code event} of {@code es-core} alone: an event is where a row came from, and what
 * it means is not known here.
 */
@NullMarked
package dev.headwater.readmodel;

import org.jspecify.annotations.NullMarked;
