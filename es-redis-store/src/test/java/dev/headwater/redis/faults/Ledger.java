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
    NOT_STORED
  }

  /**
   * One commit's answer.
   *
   * @param first version of its first event, 0 if it is not stored
   * @param last version of its last event
   * @param sequence of its last event, 0 if the answer did not tell
   */
  record Line(Answer answer, String stream, String commit, long first, long last, long sequence) {}

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
    write(new Line(Answer.STORED, stream.toString(), commit, first, last, sequence));
    acknowledged.incrementAndGet();
  }

  void notStored(String commit, StreamId stream) {
    write(new Line(Answer.NOT_STORED, stream.toString(), commit, 0, 0, 0));
    refused.incrementAndGet();
  }

  private void write(Line line) {
    String text =
        "%s|%s|%s|%d|%d|%d%n"
            .formatted(line.answer, line.stream, line.commit, line.first, line.last, line.sequence);
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
        if (part.length == 6) {
          lines.add(
              new Line(
                  Answer.valueOf(part[0]),
                  part[1],
                  part[2],
                  Long.parseLong(part[3]),
                  Long.parseLong(part[4]),
                  Long.parseLong(part[5])));
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
