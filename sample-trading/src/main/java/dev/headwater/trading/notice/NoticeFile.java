package dev.headwater.trading.notice;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/**
 * Adds a line of JSON to a file for each notice. A line may be there twice, and has the same id
 * then. What is written outlives the process, but maybe not a power cut.
 */
final class NoticeFile implements SendNotice {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path file;
  private final FileChannel channel;

  private NoticeFile(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static NoticeFile at(Path file) {
    try {
      return new NoticeFile(file, FileChannel.open(file, CREATE, WRITE, APPEND));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "can't write notices to " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public synchronized void send(FillNotice notice) throws IOException {
    byte[] json = JSON.writeValueAsBytes(notice);
    ByteBuffer line = ByteBuffer.allocate(json.length + 1).put(json).put((byte) '\n').flip();
    while (line.hasRemaining()) {
      channel.write(line);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(new IOException("can't close " + file, e));
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
