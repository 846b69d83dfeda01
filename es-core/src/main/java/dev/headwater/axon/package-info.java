/**
 * Commands and queries on the buses of Axon's messaging: its interceptors, correlation and gateways
 * work as Axon users know them. The only package of this module that knows Axon.
 *
 * <p>Depends on {@link dev.headwater.aggregate} and {@link dev.headwater.event}; nothing in this
 * module depends on it.
 */
@NullMarked
package dev.headwater.axon;

import org.jspecify.annotations.NullMarked;
