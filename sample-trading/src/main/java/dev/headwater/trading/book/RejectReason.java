package dev.headwater.trading.book;

/** The rule that refused a command. Stored by name: a constant may be added but never renamed. */
public enum RejectReason {
  /** The book's first command must open it. */
  BOOK_NOT_OPEN,
  /** The book is open with another tick or lot size. */
  BOOK_OPEN_ON_OTHER_TERMS,
  /** The id was used before in this book, by an order that is open or closed. */
  DUPLICATE_ORDER_ID,
  /** The book never saw the order. */
  ORDER_UNKNOWN,
  /** Nothing is left of the order. */
  ORDER_CLOSED,
  /** A limit order needs a price. */
  PRICE_MISSING,
  /** A market order has no price. */
  PRICE_NOT_ALLOWED,
  /** A price, or the tick size, must be above zero. */
  PRICE_NOT_POSITIVE,
  /** The price is not a whole number of ticks. */
  PRICE_NOT_ON_TICK,
  /** A quantity, or the lot size, must be above zero. */
  QUANTITY_NOT_POSITIVE,
  /** The quantity is not a whole number of lots. */
  QUANTITY_NOT_ON_LOT,
  /** The total at the order's price would be out of range. */
  QUANTITY_TOO_LARGE,
  /** The new total is less than what was executed already. */
  QUANTITY_BELOW_EXECUTED,
  /** More than what is left of the order. */
  REDUCTION_TOO_LARGE,
  /** A feed reports more than what is left of the order. */
  EXECUTION_TOO_LARGE,
  /** A fill-or-kill order that could not trade in full at once. */
  NOT_FILLABLE,
  /** It would trade with more orders than fit into one commit. */
  TOO_MANY_FILLS
}
