package dev.headwater.projection;

/** An event that can't be applied, and why. */
record Culprit(Delivered event, Throwable cause) {}
