package dev.headwater.process;

/**
 * A command of a process that a rule forbade.
 *
 * @param command registered name of the command
 * @param aggregateId whom it was sent to
 * @param code which rule, see {@link dev.headwater.aggregate.Rejection#code()}
 */
public record RejectedCommand(String command, String aggregateId, String code) {}
