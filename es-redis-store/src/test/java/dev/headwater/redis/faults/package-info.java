/**
 * What a store of this kind must survive: each fault hits a real server or a real process under
 * concurrent writers, and then a fresh process compares what it reads with what was acknowledged.
 *
 * <p>{@code mvn verify -Pfaults} runs {@code FaultsTest}; {@code docs/explanation/faults.md} says
 * how to read what it prints.
 */
@NullMarked
package dev.headwater.redis.faults;

import org.jspecify.annotations.NullMarked;
