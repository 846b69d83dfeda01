package dev.headwater.process;

import dev.headwater.event.EventType;
import dev.headwater.event.Metadata;

/** A command that was decided on and not answered yet: a row of {@code process_command}. */
record PendingCommand(
    long number,
    String commandId,
    String aggregateId,
    EventType type,
    byte[] command,
    Metadata metadata) {}
