package dev.headwater.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headwater.event.Position;
import dev.headwater.event.RecordedEvent;
import dev.headwater.event.SequencedEvent;
import dev.headwater.event.StreamId;
import dev.headwater.store.EventStoreException;
import dev.headwater.store.GroupLostException;
import dev.headwater.store.ReadStream.Direction;
import dev.headwater.store.StoreWentBackException;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.output.ValueListOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What a member of a consumer group says to the server. Every call may be sent twice: what was
 * delivered by one whose answer was lost comes again with the next.
 */
final class GroupCalls {
  private static final Script DELIVER = Script.load("deliver.lua");
  private static final Script KEEP = Script.load("keep.lua");

  private final Reads reads;
  private final Keys keys;
  private final Epochs epochs;
  private final EventTypes types;
  private final StreamReader streams;
  private final String group;
  private final String member;

  GroupCalls(Reads reads, Keys keys, Epochs epochs, EventTypes types, String group, String member) {
    this.reads = reads;
    this.keys = keys;
    this.epochs = epochs;
    this.types = types;
    this.streams = new StreamReader(reads, keys, types);
    this.group = group;
    this.member = member;
  }

  /**
   * Makes the group where it is not there.
   *
   * @return whether it was made
   * @throws StoreWentBackException if the position is not part of the store's history
   */
  boolean create(Position from) {
    Position head = StoreLayout.head(reads, keys, epochs, from.partition());
    List<LogEntry> at = log(from.partition(), CommandType.XRANGE, from.logId(), from.logId());
    boolean isStart = from.sequence() == 0 && from.logId().equals(Position.START_ID);
    boolean isThere = !at.isEmpty() && at.getFirst().contains(from.sequence());
    if (from.epoch() != head.epoch() || !(isStart || isThere)) {
      throw new StoreWentBackException(
          "group "
              + group
              + " is to begin behind "
              + from
              + ", which is not in the store's history (any more); the partition ends at "
              + head
              + "; begin it at a position of this store");
    }
    // A commit may be stored together with later ones, which are not to be passed over.
    boolean isInside = isThere && from.sequence() < at.getFirst().lastSequence();
    String id = isInside ? idBefore(from.logId()) : from.logId();
    CommandArgs<byte[], byte[]> args =
        Reads.args().add("CREATE").addKey(keys.log(from.partition())).add(group).add(id);
    try {
      reads.call(
          CommandType.XGROUP,
          () -> new StatusOutput<>(ByteArrayCodec.INSTANCE),
          args.add("MKSTREAM"));
      return true;
    } catch (EventStoreException e) {
      if (String.valueOf(e.getMessage()).contains("BUSYGROUP")) {
        return false;
      }
      throw e;
    }
  }

  private static String idBefore(String id) {
    int dash = id.indexOf('-');
    long millis = Long.parseLong(id, 0, dash, 10);
    long number = Long.parseLong(id, dash + 1, id.length(), 10);
    return number > 0
        ? millis + "-" + (number - 1)
        : (millis - 1) + "-" + Long.toUnsignedString(-1);
  }

  private List<LogEntry> log(int partition, CommandType command, String from, String to) {
    CommandArgs<byte[], byte[]> args = Reads.args().addKey(keys.log(partition)).add(from).add(to);
    return reads.call(command, LogReply::new, args.add("COUNT").add(1));
  }

  /** The place before an entry. */
  Position before(int partition, LogEntry entry) {
    if (entry.sequence() == 1) {
      return Position.start(partition, epochs.of(partition));
    }
    List<LogEntry> found = log(partition, CommandType.XREVRANGE, "(" + entry.logId(), "-");
    if (found.isEmpty() || found.getFirst().lastSequence() != entry.sequence() - 1) {
      throw new StoreWentBackException(
          "the log of partition " + partition + " has a gap before sequence " + entry.sequence());
    }
    return place(partition, found.getFirst().references().getLast());
  }

  Position place(int partition, LogReference reference) {
    return new Position(
        partition, epochs.of(partition), reference.lastSequence(), reference.logId());
  }

  DeliverReply deliver(int partition, String behind, int count, long abandonedMillis) {
    return call(
        DELIVER,
        partition,
        DeliverReply::new,
        args -> args.add(abandonedMillis).add(behind).add(count));
  }

  /** The events of a reference that are wanted. */
  List<SequencedEvent> events(
      int partition, LogReference reference, Predicate<dev.headwater.event.EventType> wanted) {
    if (reference.types(types).stream().noneMatch(wanted)) {
      return List.of();
    }
    StreamId stream = StreamId.parse(reference.stream());
    List<RecordedEvent> found =
        streams.read(stream, reference.first(), Direction.FORWARD, reference.count());
    if (found.size() < reference.count() || found.getLast().version() != reference.lastVersion()) {
      throw new StoreWentBackException(
          "entry "
              + reference.logId()
              + " of the log of partition "
              + partition
              + " refers to versions of "
              + stream
              + " up to "
              + reference.lastVersion()
              + ", which are gone");
    }
    List<SequencedEvent> events = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      if (wanted.test(found.get(i).type())) {
        events.add(new SequencedEvent(reference.sequence() + i, found.get(i)));
      }
    }
    return events;
  }

  /**
   * Ids that the member still holds; they count as renewed so long ago. One that lets go of what it
   * holds is forgotten when it holds nothing.
   */
  List<String> keep(int partition, long millisAgo) {
    List<byte[]> ids =
        call(
            KEEP,
            partition,
            () -> new ValueListOutput<>(ByteArrayCodec.INSTANCE),
            args -> args.add(millisAgo));
    return ids.stream().map(id -> new String(id, UTF_8)).toList();
  }

  void acknowledge(int partition, Collection<String> ids) {
    CommandArgs<byte[], byte[]> args = Reads.args().addKey(keys.log(partition)).add(group);
    ids.forEach(args::add);
    reads.call(CommandType.XACK, () -> new IntegerOutput<>(ByteArrayCodec.INSTANCE), args);
  }

  private <T> T call(
      Script script,
      int partition,
      Supplier<? extends CommandOutput<byte[], byte[], T>> output,
      Consumer<CommandArgs<byte[], byte[]>> arguments) {
    try {
      return reads.call(CommandType.EVALSHA, output, args(script.sha(), partition, arguments));
    } catch (EventStoreException e) {
      return switch (e.getCause() == null ? Failure.OTHER : Failure.of(e.getCause())) {
        case NO_SCRIPT ->
            reads.call(CommandType.EVAL, output, args(script.body(), partition, arguments));
        case NO_GROUP ->
            throw new GroupLostException(
                "Redis does not know group "
                    + group
                    + " of partition "
                    + partition
                    + " any more: somebody removed it, or a fail-over lost it");
        default -> throw e;
      };
    }
  }

  private CommandArgs<byte[], byte[]> args(
      byte[] script, int partition, Consumer<CommandArgs<byte[], byte[]>> arguments) {
    CommandArgs<byte[], byte[]> args =
        Reads.args().add(script).add(1).addKey(keys.log(partition)).add(group).add(member);
    arguments.accept(args);
    return args;
  }
}
