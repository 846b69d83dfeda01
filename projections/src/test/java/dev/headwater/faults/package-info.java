/** What the fault tests of this module share. */
@NullMarked
package dev.headwater.faults;

import org.jspecify.annotations.NullMarked;
