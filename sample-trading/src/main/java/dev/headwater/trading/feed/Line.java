package dev.headwater.trading.feed;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One line of a file, and where it is. */
record Line(String file, long number, String text) {
  MalformedLineException malformed(@Nullable String column, String reason) {
    return new MalformedLineException(file, number, column, reason);
  }

  /**
   * The values between the commas, with quotes as RFC 4180 has them, except that a quoted value
   * ends on its line: so one stray quote spoils one line and not the rest of the file.
   */
  List<String> values() {
    List<String> values = new ArrayList<>(12);
    int at = 0;
    while (at <= text.length()) {
      if (at < text.length() && text.charAt(at) == '"') {
        at = quoted(at, values);
      } else {
        int comma = text.indexOf(',', at);
        int end = comma < 0 ? text.length() : comma;
        values.add(unquoted(text.substring(at, end), values.size()));
        at = end + 1;
      }
    }
    return values;
  }

  private String unquoted(String value, int index) {
    if (value.indexOf('"') >= 0) {
      throw malformed(nth(index), "a quote inside a value that does not begin with one");
    }
    return value.strip();
  }

  /** Adds the value whose opening quote is at {@code open}; returns where the next one begins. */
  private int quoted(int open, List<String> values) {
    StringBuilder value = new StringBuilder();
    for (int at = open + 1; at < text.length(); at++) {
      char c = text.charAt(at);
      boolean quoteFollows = at + 1 < text.length() && text.charAt(at + 1) == '"';
      if (c != '"') {
        value.append(c);
      } else if (quoteFollows) {
        value.append('"');
        at++;
      } else if (at + 1 == text.length() || text.charAt(at + 1) == ',') {
        values.add(value.toString());
        return at + 2;
      } else {
        throw malformed(nth(values.size()), "text after the closing quote");
      }
    }
    throw malformed(nth(values.size()), "a quoted value does not end on its line");
  }

  private static String nth(int index) {
    return Integer.toString(index + 1);
  }
}
