package dev.headwater.trading.feed;

/**
 * How far a feed is.
 *
 * @param lines read so far, header and blank lines included
 * @param commands handed out so far
 * @param ignored valid lines so far that lead to no command, such as trading halts
 * @param invalid lines so far that were skipped because they are not what the format says
 * @param bytesRead of the file as it is stored, compressed or not
 * @param bytesTotal size of that file
 */
public record FeedProgress(
    long lines, long commands, long ignored, long invalid, long bytesRead, long bytesTotal) {
  FeedProgress plus(FeedProgress other) {
    return new FeedProgress(
        lines + other.lines,
        commands + other.commands,
        ignored + other.ignored,
        invalid + other.invalid,
        bytesRead + other.bytesRead,
        bytesTotal + other.bytesTotal);
  }
}
