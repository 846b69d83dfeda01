package dev.headwater.projection.test;

import dev.headwater.readmodel.ReadModelException;
import dev.headwater.readmodel.Table;
import java.math.BigDecimal;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The rows of a table, each value in a form that is equal for equal values of any type. */
final class TableRows {
  private TableRows() {}

  /** Some columns of all rows, sorted. */
  static List<Map<String, String>> read(
      DataSource database, Table table, Collection<String> columns) {
    String sql = "SELECT " + String.join(", ", columns) + " FROM " + table.name();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<Map<String, String>> found = new ArrayList<>();
      while (rows.next()) {
        Map<String, String> row = new LinkedHashMap<>();
        int index = 1;
        for (String column : columns) {
          row.put(column, shown(value(rows, index++)));
        }
        found.add(row);
      }
      found.sort((a, b) -> a.toString().compareTo(b.toString()));
      return found;
    } catch (SQLException e) {
      throw new ReadModelException(
          "table " + table.name() + " can't be read: " + e.getMessage(), e);
    }
  }

  /** Large objects are only a handle of the value. */
  private static @Nullable Object value(ResultSet row, int column) throws SQLException {
    Object value = row.getObject(column);
    return value instanceof Clob ? row.getString(column) : value;
  }

  /** Expected values in the same form. */
  static Map<String, String> shown(Columns columns) {
    Map<String, String> row = new LinkedHashMap<>();
    columns.values().forEach((column, value) -> row.put(column, shown(value)));
    return row;
  }

  static String shown(@Nullable Object value) {
    return switch (value) {
      case String text -> "'" + text + "'";
      case Enum<?> constant -> "'" + constant.name() + "'";
      case BigDecimal number -> number.stripTrailingZeros().toPlainString();
      case Double number -> shown(BigDecimal.valueOf(number));
      case Instant time -> time.truncatedTo(ChronoUnit.MICROS).toString();
      case OffsetDateTime time -> shown(time.toInstant());
      case Timestamp time -> shown(time.toInstant());
      case byte[] bytes -> "x" + HexFormat.of().formatHex(bytes);
      case null, default -> String.valueOf(value);
    };
  }
}
