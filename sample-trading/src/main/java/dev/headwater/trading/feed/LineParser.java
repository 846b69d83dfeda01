package dev.headwater.trading.feed;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One format: turns lines into commands. Called by {@link FileFeed} with one line after another.
 */
interface LineParser {
  /** Adds the commands that a line leads to, or notes that it leads to none. */
  void accept(Line line, Output output);

  /** Adds the commands that were held back because a further line might have belonged to them. */
  default void end(Output output) {}

  /** Where the parser puts what it found. */
  final class Output {
    private final Deque<TimedCommand> commands = new ArrayDeque<>();
    private long ignored;

    void add(TimedCommand command) {
      commands.add(command);
    }

    void ignoreLine() {
      ignored++;
    }

    Deque<TimedCommand> commands() {
      return commands;
    }

    long ignored() {
      return ignored;
    }
  }
}
