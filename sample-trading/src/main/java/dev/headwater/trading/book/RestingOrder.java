package dev.headwater.trading.book;

import dev.headwater.trading.market.Price;
import dev.headwater.trading.market.Quantity;
import dev.headwater.trading.market.Side;

/**
 * An order in the book.
 *
 * @param quantity its total, with what was executed
 * @param leaves what is left of that, above zero
 * @param arrival orders at one price trade in the order of this number
 */
public record RestingOrder(
    String orderId, Side side, Price price, Quantity quantity, Quantity leaves, long arrival) {
  /** How much of it was executed. */
  public Quantity executed() {
    return quantity.minus(leaves);
  }

  Place place() {
    return new Place(side, price, arrival);
  }

  RestingOrder withLeaves(Quantity newLeaves) {
    return new RestingOrder(orderId, side, price, quantity, newLeaves, arrival);
  }

  RestingOrder reducedBy(Quantity by) {
    return new RestingOrder(orderId, side, price, quantity.minus(by), leaves.minus(by), arrival);
  }
}
