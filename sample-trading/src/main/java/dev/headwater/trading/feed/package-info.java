/**
 * Market files as commands: {@link dev.headwater.trading.feed.OrdersFile} and {@link
 * dev.headwater.trading.feed.LobsterFile} open a {@link dev.headwater.trading.feed.CommandFeed},
 * {@link dev.headwater.trading.feed.BestBidOfferCheck} compares what came of it with what the venue
 * published.
 *
 * <p>Files are read line by line, plain or gzipped. Each command has an id that is derived from its
 * line, so that a file can be imported again, or after one of its lines was corrected, and every
 * line counts once.
 *
 * <p>Depends on {@link dev.headwater.trading.book} and {@link dev.headwater.trading.market}.
 */
@NullMarked
package dev.headwater.trading.feed;

import org.jspecify.annotations.NullMarked;
