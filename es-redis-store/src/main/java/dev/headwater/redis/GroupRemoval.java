package dev.headwater.redis;

import dev.headwater.store.EventStoreException;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;

/** Removes a consumer group from the logs of all partitions. May be repeated. */
record GroupRemoval(Reads reads, Keys keys) {
  void remove(String group) {
    for (int partition = 0; partition < keys.partitions(); partition++) {
      CommandArgs<byte[], byte[]> args = Reads.args().add("DESTROY").addKey(keys.log(partition));
      try {
        reads.call(
            CommandType.XGROUP,
            () -> new IntegerOutput<>(ByteArrayCodec.INSTANCE),
            args.add(group));
      } catch (EventStoreException e) {
        if (!String.valueOf(e.getMessage()).contains("requires the key to exist")) {
          throw e;
        }
      }
    }
  }
}
