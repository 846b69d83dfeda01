package dev.headwater.process;

import dev.headwater.codec.EventCodec;
import dev.headwater.codec.StateCodec;

/**
 * A process and what it needs to be run.
 *
 * @param states writes the state of an instance as text (such as {@link StateCodec#json}); one of
 *     another schema can't be read any more
 * @param commands writes commands under registered names, as the codec of the events does
 * @param sender sends the commands
 */
public record ProcessParts<E, S, C>(
    ProcessDefinition<E, S, C> definition,
    StateCodec<S> states,
    EventCodec commands,
    SendCommand<C> sender) {}
