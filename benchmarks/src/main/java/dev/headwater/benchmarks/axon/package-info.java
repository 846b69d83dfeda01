/**
 * One Axon application on two storage engines: Headwater's on Redis and Axon's own JPA engine on
 * PostgreSQL. Defends that moving an application is worth it.
 */
@NullMarked
package dev.headwater.benchmarks.axon;

import org.jspecify.annotations.NullMarked;
