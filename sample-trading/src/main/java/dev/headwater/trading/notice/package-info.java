/** What the venue tells its traders: an effect of its events, and where it goes. */
@NullMarked
package dev.headwater.trading.notice;

import org.jspecify.annotations.NullMarked;
