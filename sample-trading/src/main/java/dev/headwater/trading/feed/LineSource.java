package dev.headwater.trading.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The lines of a file that is UTF-8 text, plain or gzipped (its content tells which). */
final class LineSource implements AutoCloseable {
  private static final int BUFFER = 1 << 16;
  private static final char BYTE_ORDER_MARK = '\uFEFF';
  private static final char UNDECODABLE = '\uFFFD';

  private final String name;
  private final long size;
  private final CountingStream bytes;
  private final BufferedReader reader;
  private long lines;

  private LineSource(String name, long size, CountingStream bytes, BufferedReader reader) {
    this.name = name;
    this.size = size;
    this.bytes = bytes;
    this.reader = reader;
  }

  @SuppressWarnings("resource") // closing the reader closes what is below it
  static LineSource open(Path file) {
    String name = String.valueOf(file.getFileName());
    try {
      CountingStream bytes = new CountingStream(Files.newInputStream(file));
      try {
        BufferedInputStream buffered = new BufferedInputStream(bytes, BUFFER);
        InputStream text = isGzip(buffered) ? new GZIPInputStream(buffered, BUFFER) : buffered;
        BufferedReader reader = new BufferedReader(new InputStreamReader(text, UTF_8), BUFFER);
        return new LineSource(name, Files.size(file), bytes, reader);
      } catch (IOException e) {
        bytes.close();
        throw e;
      }
    } catch (NoSuchFileException e) {
      throw new UncheckedIOException("there is no file " + file, e);
    } catch (IOException e) {
      throw new UncheckedIOException("can't read " + file + ": " + e.getMessage(), e);
    }
  }

  private static boolean isGzip(InputStream in) throws IOException {
    in.mark(2);
    boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
    in.reset();
    return gzip;
  }

  /** The next line that is not blank; null at the end. */
  @Nullable Line next() {
    String text = read();
    while (text != null && text.isBlank()) {
      text = read();
    }
    if (text == null) {
      return null;
    }
    Line line = new Line(name, lines, text);
    if (text.indexOf(UNDECODABLE) >= 0) {
      throw line.malformed(null, "is not UTF-8 text");
    }
    return line;
  }

  private @Nullable String read() {
    try {
      String text = reader.readLine();
      if (text == null) {
        return null;
      }
      lines++;
      return lines == 1 && text.startsWith(String.valueOf(BYTE_ORDER_MARK))
          ? text.substring(1)
          : text;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "can't read " + name + " after line " + lines + ": " + e.getMessage(), e);
    }
  }

  String name() {
    return name;
  }

  long lines() {
    return lines;
  }

  long bytesRead() {
    return bytes.count;
  }

  long size() {
    return size;
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException("can't close " + name + ": " + e.getMessage(), e);
    }
  }

  private static final class CountingStream extends FilterInputStream {
    private long count;

    CountingStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      count += read < 0 ? 0 : 1;
      return read;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      count += Math.max(read, 0);
      return read;
    }
  }
}
