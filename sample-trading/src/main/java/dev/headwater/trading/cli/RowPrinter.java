package dev.headwater.trading.cli;

import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Prints the rows that a query found. */
final class RowPrinter {
  /** Rows whose widths are taken together; memory is bounded by it. */
  private static final int PAGE = 1_000;

  private RowPrinter() {}

  /** Columns as wide as their values need, a thousand rows at a time, and how many there were. */
  static void columns(ResultSet rows, PrintWriter out) throws SQLException {
    List<String> names = names(rows.getMetaData());
    long count = 0;
    boolean more;
    do {
      List<List<String>> page = new ArrayList<>();
      page.add(names);
      more = false;
      while (page.size() <= PAGE && (more = rows.next())) {
        List<String> row = new ArrayList<>();
        for (int column = 1; column <= names.size(); column++) {
          row.add(String.valueOf(rows.getString(column)));
        }
        page.add(row);
        count++;
      }
      if (count == 0 || page.size() > 1) {
        print(page, out);
      }
    } while (more);
    out.printf(Locale.ROOT, "(%,d row%s)%n", count, count == 1 ? "" : "s");
  }

  private static void print(List<List<String>> page, PrintWriter out) {
    int[] widths = new int[page.getFirst().size()];
    for (List<String> row : page) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    for (List<String> row : page) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        line.append(row.get(column)).repeat(' ', widths[column] - row.get(column).length() + 2);
      }
      out.println(line.toString().stripTrailing());
    }
  }

  /** RFC 4180 with a header; NULL is an empty value. */
  static void csv(ResultSet rows, PrintWriter out) throws SQLException {
    List<String> names = names(rows.getMetaData());
    StringJoiner header = new StringJoiner(",");
    names.forEach(name -> header.add(quoted(name)));
    out.println(header);
    while (rows.next()) {
      StringJoiner line = new StringJoiner(",");
      for (int column = 1; column <= names.size(); column++) {
        line.add(quoted(rows.getString(column)));
      }
      out.println(line);
    }
  }

  private static List<String> names(ResultSetMetaData columns) throws SQLException {
    List<String> names = new ArrayList<>();
    for (int column = 1; column <= columns.getColumnCount(); column++) {
      names.add(columns.getColumnLabel(column).toLowerCase(Locale.ROOT));
    }
    return names;
  }

  private static String quoted(@Nullable String value) {
    if (value == null) {
      return "";
    }
    return value.isEmpty() || value.matches("(?s).*[,\"\r\n].*")
        ? '"' + value.replace("\"", "\"\"") + '"'
        : value;
  }
}
