/**
 * Commands and queries on the buses of Axon's messaging: its interceptors, correlation and gateways
 * work as Axon users know them. The only package of this module that knows Axon.
 */
@NullMarked
package dev.headwater.axon;

import org.jspecify.annotations.NullMarked;
