package dev.headwater.trading.feed;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

/** The lines of one file through one parser. */
final class FileFeed implements CommandFeed {
  private static final int KEPT_PROBLEMS = 100;

  private final LineSource source;
  private final LineParser parser;
  private final boolean skipInvalid;
  private final LineParser.Output output = new LineParser.Output();
  private final List<String> problems = new ArrayList<>();
  private long commands;
  private long invalid;
  private boolean ended;

  FileFeed(LineSource source, LineParser parser, boolean skipInvalid) {
    this.source = source;
    this.parser = parser;
    this.skipInvalid = skipInvalid;
  }

  @Override
  public boolean hasNext() {
    while (output.commands().isEmpty() && !ended) {
      try {
        advance();
      } catch (MalformedLineException e) {
        skip(e);
      }
    }
    return !output.commands().isEmpty();
  }

  private void advance() {
    Line line = source.next();
    if (line == null) {
      ended = true;
      parser.end(output);
    } else {
      parser.accept(line, output);
    }
  }

  private void skip(MalformedLineException e) {
    if (!skipInvalid) {
      throw e;
    }
    invalid++;
    if (problems.size() < KEPT_PROBLEMS) {
      problems.add(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public TimedCommand next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    commands++;
    return output.commands().remove();
  }

  @Override
  public FeedProgress progress() {
    return new FeedProgress(
        source.lines(), commands, output.ignored(), invalid, source.bytesRead(), source.size());
  }

  @Override
  public List<String> problems() {
    return List.copyOf(problems);
  }

  @Override
  public void close() {
    source.close();
  }
}
