package dev.headwater.trading.feed;

import java.util.Iterator;
import java.util.List;

/**
 * The commands of a file in its order, read as they are asked for. To be closed. Not thread-safe.
 *
 * <p>{@code hasNext} and {@code next} throw {@link MalformedLineException} at a line that is not
 * what the format says, unless the feed was opened to skip such lines, and {@link
 * java.io.UncheckedIOException} if the file can't be read.
 */
public interface CommandFeed extends Iterator<TimedCommand>, AutoCloseable {
  /** How far it is. */
  FeedProgress progress();

  /** What was wrong with the lines that were skipped; the first 100 of them. */
  List<String> problems();

  @Override
  void close();
}
