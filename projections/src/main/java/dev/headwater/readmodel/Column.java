package dev.headwater.readmodel;

/**
 * What the database says about a column.
 *
 * @param type its kind
 * @param typeName what the database calls its type
 * @param start how it starts in a new row
 * @param scale how many decimals it keeps; {@link Integer#MAX_VALUE} where that does not matter
 * @param required whether a row can't be made without a value for it
 */
record Column(
    String name, ColumnType type, String typeName, Start start, int scale, boolean required) {

  /** How a column of a new row starts. */
  enum Start {
    NULL,
    ZERO,
    OTHER
  }
}
