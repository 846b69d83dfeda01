package dev.headwater.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headwater.event.StreamId;
import dev.headwater.store.EventStoreException;
import dev.headwater.store.ReadStream;
import dev.headwater.store.Snapshot;
import dev.headwater.store.SnapshotAndTail;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Reads and writes snapshots, each by one call of a script. */
final class SnapshotCalls {
  private static final Script LOAD = Script.load("load.lua");
  private static final Script SAVE = Script.load("save.lua");

  private final Reads reads;
  private final Keys keys;
  private final EventTypes types;

  SnapshotCalls(Reads reads, Keys keys, EventTypes types) {
    this.reads = reads;
    this.keys = keys;
    this.types = types;
  }

  SnapshotAndTail load(StreamId stream, String schema) {
    return call(
        LOAD,
        stream,
        () -> new LoadReply(stream, types, schema),
        args -> args.add(schema.getBytes(UTF_8)).add(ReadStream.PAGE));
  }

  /** Twice is as good as once, so it may be repeated like a read. */
  boolean save(StreamId stream, Snapshot snapshot) {
    long kept =
        call(
            SAVE,
            stream,
            () -> new IntegerOutput<>(ByteArrayCodec.INSTANCE),
            args ->
                args.add(snapshot.version())
                    .add(snapshot.schema().getBytes(UTF_8))
                    .add(snapshot.commitId().getBytes(UTF_8))
                    .add(snapshot.state()));
    return kept == 1;
  }

  private <T> T call(
      Script script,
      StreamId stream,
      Supplier<? extends CommandOutput<byte[], byte[], T>> output,
      Consumer<CommandArgs<byte[], byte[]>> arguments) {
    try {
      return reads.call(CommandType.EVALSHA, output, args(script.sha(), stream, arguments));
    } catch (EventStoreException e) {
      if (e.getCause() == null || Failure.of(e.getCause()) != Failure.NO_SCRIPT) {
        throw e;
      }
      return reads.call(CommandType.EVAL, output, args(script.body(), stream, arguments));
    }
  }

  private CommandArgs<byte[], byte[]> args(
      byte[] script, StreamId stream, Consumer<CommandArgs<byte[], byte[]>> arguments) {
    CommandArgs<byte[], byte[]> args =
        Reads.args().add(script).add(2).addKey(keys.snapshot(stream)).addKey(keys.stream(stream));
    arguments.accept(args);
    return args;
  }
}
