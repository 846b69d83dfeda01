package dev.headwater.redis.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headwater.event.StreamId;
import dev.headwater.store.Receipt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What writers were told, in a file: a line is with the operating system before its writer goes on,
 * so it survives the writer's death. Thread-safe.
 */
final class Ledger implements AutoCloseable {
  /** What a store said about a commit. */
  enum Answer {
    /** Stored, with a receipt. */
    STORED,
    /** Certainly not stored; its writer gave it up. */
    NOT_STORED,
    /**
     * No commit's: a server was killed that had not promised to keep what it had just acknowledged.
     */
    KILLED
  }

  /**
   * One commit's answer.
   *
   * @param first version of its first event, 0 if it is not stored
   * @param last version of its last event
   * @param sequence of its last event, 0 if the answer did not tell
   * @param at when the answer came, in milliseconds since 1970
   */
  record Line(
      Answer answer, String stream, String commit, long first, long last, long sequence, long at) {}

  private final FileChannel file;
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong resolved = new AtomicLong();

  Ledger(Path path) {
    try {
      file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void stored(String commit, Receipt receipt) {
    stored(
        commit,
        receipt.stream(),
        receipt.firstVersion(),
        receipt.lastVersion(),
        receipt.position().sequence());
    if (receipt.duplicate()) {
      resolved.incrementAndGet();
    }
  }

  void stored(String commit, StreamId stream, long first, long last, long sequence) {
    write(Answer.STORED, stream.toString(), commit, first, last, sequence);
    acknowledged.incrementAndGet();
  }

  void notStored(String commit, StreamId stream) {
    write(Answer.NOT_STORED, stream.toString(), commit, 0, 0, 0);
    refused.incrementAndGet();
  }

  /** Notes that a server is about to be killed that may lose what it has just acknowledged. */
  void killed() {
    write(Answer.KILLED, "", "", 0, 0, 0);
  }

  private void write(
      Answer answer, String stream, String commit, long first, long last, long sequence) {
    String text =
        "%s|%s|%s|%d|%d|%d|%d%n"
            .formatted(answer, stream, commit, first, last, sequence, System.currentTimeMillis());
    try {
      file.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Commits acknowledged so far. */
  long acknowledged() {
    return acknowledged.get();
  }

  /** Commits so far whose writers were told that they are not stored. */
  long refused() {
    return refused.get();
  }

  /** Commits so far whose first answer was lost, and which the store recognised when sent again. */
  long resolved() {
    return resolved.get();
  }

  /** All whole lines of a file; the last one may have been cut short by its writer's death. */
  static List<Line> read(Path path) {
    try {
      String text = Files.readString(path);
      List<Line> lines = new ArrayList<>();
      for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n")) {
        String[] part = line.split("\\|");
        if (part.length == 7) {
          lines.add(
              new Line(
                  Answer.valueOf(part[0]),
                  part[1],
                  part[2],
                  Long.parseLong(part[3]),
                  Long.parseLong(part[4]),
                  Long.parseLong(part[5]),
                  Long.parseLong(part[6])));
        }
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
