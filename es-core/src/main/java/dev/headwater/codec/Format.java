package dev.headwater.codec;

import dev.headwater.event.EventType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/** How one class of events is written and read. */
record Format(EventType type, Class<?> eventClass, ObjectWriter writer, ObjectReader reader) {}
