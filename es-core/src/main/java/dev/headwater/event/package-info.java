/**
 * What is stored: streams, events, their types and metadata, and positions in the order of a
 * partition.
 *
 * <p>Everything here is an immutable value. Nothing here knows how or where events are kept; {@link
 * dev.headwater.store} does.
 *
 * <p>Depends on no other package of Headwater.
 */
@NullMarked
package dev.headwater.event;

import org.jspecify.annotations.NullMarked;
