package dev.headwater.process;

import dev.headwater.event.Metadata;
import dev.headwater.event.RecordedEvent;
import org.jspecify.annotations.Nullable;

/**
 * Something that an instance reacts to once.
 *
 * @param id the same whenever it comes
 * @param metadata that of the commands that it leads to, and when it happened
 * @param source the event, null if it is none
 */
record ProcessInput(String id, Metadata metadata, @Nullable RecordedEvent source) {}
