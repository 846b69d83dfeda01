/** Real Redis servers for tests, published as the module's test jar. */
@NullMarked
package dev.headwater.redis.testing;

import org.jspecify.annotations.NullMarked;
