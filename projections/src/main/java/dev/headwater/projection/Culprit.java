package dev.headwater.projection;

/** An event that can't be applied, and why. */
record Culprit(PartitionEvent event, Throwable cause) {}
