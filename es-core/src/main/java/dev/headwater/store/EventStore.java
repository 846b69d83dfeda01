package dev.headwater.store;

/** Everything that an event store can do. Implementations are thread-safe. */
public interface EventStore
    extends AppendToStream,
        FindCommit,
        ReadStream,
        ReadPartitions,
        SubscribeToPartitions,
        ForgetGroup,
        AutoCloseable {

  /**
   * Ends the connections that this store opened. Appends under way complete or fail; none is left
   * undecided silently.
   */
  @Override
  void close();
}
