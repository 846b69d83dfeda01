package dev.headwater.readmodel;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Number of rows and checksum of a table's declared columns. Equal contents have equal fingerprints
 * on any vendor and in any order of rows: the checksum is the sum of the rows' SHA-256, so rows
 * that occur twice count twice.
 */
public record TableFingerprint(long rows, String checksum) {
  private static final int FETCH = 1_000;

  /**
   * Reads the whole table, in bounded memory. The connection must not be in auto-commit mode, else
   * some drivers fetch everything at once.
   */
  static TableFingerprint of(Connection connection, Table table) throws SQLException {
    List<String> columns = table.allColumns();
    String sql = "SELECT " + String.join(", ", columns) + " FROM " + table.name();
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCH);
      try (ResultSet rows = statement.executeQuery(sql)) {
        return of(rows, columns.size());
      }
    }
  }

  private static TableFingerprint of(ResultSet rows, int columns) throws SQLException {
    MessageDigest sha256 = sha256();
    long[] sum = new long[4];
    long count = 0;
    while (rows.next()) {
      ByteBuffer digest = ByteBuffer.wrap(sha256.digest(encoded(rows, columns)));
      for (int i = 0; i < sum.length; i++) {
        sum[i] += digest.getLong();
      }
      count++;
    }
    return new TableFingerprint(
        count, String.format(Locale.ROOT, "%016x%016x%016x%016x", sum[0], sum[1], sum[2], sum[3]));
  }

  private static byte[] encoded(ResultSet row, int columns) throws SQLException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      for (int i = 1; i <= columns; i++) {
        write(out, value(row, i));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }

  /** Large objects are only a handle of the value. */
  private static @Nullable Object value(ResultSet row, int column) throws SQLException {
    Object value = row.getObject(column);
    return switch (value) {
      case Clob text -> row.getString(column);
      case Blob bytes -> row.getBytes(column);
      case null, default -> value;
    };
  }

  /** A tag for the kind and a form that does not depend on the column's width or scale. */
  private static void write(DataOutputStream out, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> out.writeByte('-');
      case BigDecimal number -> text(out, 'n', number.stripTrailingZeros().toPlainString());
      case Integer number -> text(out, 'n', number.toString());
      case Long number -> text(out, 'n', number.toString());
      case Boolean flag -> text(out, 'b', flag.toString());
      case OffsetDateTime time ->
          text(out, 't', time.toInstant().truncatedTo(ChronoUnit.MICROS).toString());
      case java.sql.Timestamp time ->
          text(out, 't', time.toInstant().truncatedTo(ChronoUnit.MICROS).toString());
      case byte[] bytes -> text(out, 'x', HexFormat.of().formatHex(bytes));
      default -> text(out, 's', value.toString());
    }
  }

  private static void text(DataOutputStream out, char tag, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeByte(tag);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
