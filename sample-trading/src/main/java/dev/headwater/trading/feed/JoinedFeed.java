package dev.headwater.trading.feed;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

/** Some commands, then the feeds one after another. */
final class JoinedFeed implements CommandFeed {
  private final List<TimedCommand> first;
  private final List<CommandFeed> feeds;
  private int given;

  JoinedFeed(List<TimedCommand> first, List<CommandFeed> feeds) {
    this.first = first;
    this.feeds = feeds;
  }

  @Override
  public boolean hasNext() {
    return given < first.size() || feeds.stream().anyMatch(CommandFeed::hasNext);
  }

  @Override
  public TimedCommand next() {
    if (given < first.size()) {
      return first.get(given++);
    }
    for (CommandFeed feed : feeds) {
      if (feed.hasNext()) {
        return feed.next();
      }
    }
    throw new NoSuchElementException();
  }

  @Override
  public FeedProgress progress() {
    return feeds.stream()
        .map(CommandFeed::progress)
        .reduce(new FeedProgress(0, given, 0, 0, 0, 0), FeedProgress::plus);
  }

  @Override
  public List<String> problems() {
    List<String> all = new ArrayList<>();
    feeds.forEach(feed -> all.addAll(feed.problems()));
    return all;
  }

  @Override
  public void close() {
    feeds.forEach(CommandFeed::close);
  }
}
