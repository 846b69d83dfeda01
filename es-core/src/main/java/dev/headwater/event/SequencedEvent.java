package dev.headwater.event;

/**
 * An event together with its number in the order of its partition, as subscriptions deliver it.
 *
 * @param sequence from 1, without gap in the partition (a subscription that filters leaves some
 *     out)
 */
public record SequencedEvent(long sequence, RecordedEvent event) {}
