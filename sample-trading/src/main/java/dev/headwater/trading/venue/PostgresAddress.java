package dev.headwater.trading.venue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.readmodel.ReadModelException;
import java.net.URLDecoder;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A PostgreSQL database for a venue's read models.
 *
 * @param url for JDBC, with neither user nor password
 * @param password empty for none
 */
public record PostgresAddress(String url, String user, String password) {
  private static final String START = "jdbc:postgresql://";

  /**
   * Reads an address as an operator writes it. The user is the URL's parameter {@code user}, else
   * {@code PGUSER}, else the user of this machine; the password is {@code PGPASSWORD}.
   *
   * @param url such as {@code jdbc:postgresql://host:5432/database?user=ann}
   * @param environment where {@code PGUSER} and {@code PGPASSWORD} may be
   * @throws IllegalArgumentException if it is no such URL, or holds a password; does not repeat it
   */
  public static PostgresAddress of(String url, Map<String, String> environment) {
    if (url.startsWith("jdbc:h2:")) {
      throw new IllegalArgumentException(
          "a database is named for PostgreSQL alone; without one the read models are in an H2 file"
              + " of the data folder");
    }
    if (!url.startsWith(START)) {
      throw new IllegalArgumentException(
          "a database is named like " + START + "host:5432/database?user=ann");
    }
    int question = url.indexOf('?');
    String place = question < 0 ? url : url.substring(0, question);
    if (place.contains("@")) {
      throw new IllegalArgumentException(
          "a database's user is written "
              + START
              + "host:5432/database?user=ann, not before the"
              + " host, and the password is in PGPASSWORD");
    }
    if (!place.substring(START.length()).matches("[^/]+/[^/]+") || !isReadable(url)) {
      throw new IllegalArgumentException(
          "a database is named with host and name, like " + START + "host:5432/database");
    }
    String user = environment.getOrDefault("PGUSER", System.getProperty("user.name", "postgres"));
    List<String> others = new ArrayList<>();
    for (String parameter : question < 0 ? List.<String>of() : split(url, question)) {
      if (parameter.startsWith("password=")) {
        throw new IllegalArgumentException(
            "a command line is seen by all users of the machine: put the password of the database"
                + " into the environment, as PGPASSWORD");
      } else if (parameter.startsWith("user=")) {
        user = URLDecoder.decode(parameter.substring("user=".length()), UTF_8);
      } else {
        others.add(parameter);
      }
    }
    return new PostgresAddress(
        others.isEmpty() ? place : place + "?" + String.join("&", others),
        user,
        environment.getOrDefault("PGPASSWORD", ""));
  }

  /** What the driver can't read, it would repeat in its error. */
  private static boolean isReadable(String url) {
    try {
      return DriverManager.getDriver(url) != null;
    } catch (SQLException e) {
      return false;
    }
  }

  private static List<String> split(String url, int question) {
    return List.of(url.substring(question + 1).split("&"));
  }

  /** Where it is, for people: without parameters. */
  String place() {
    return url.replaceFirst("[?].*", "");
  }

  /** What {@code psql} takes, but for the password. */
  String forPsql() {
    return place().substring("jdbc:".length()) + "?user=" + user;
  }

  /**
   * Opens a pool of connections.
   *
   * @throws ReadModelException if it can't be reached or refuses the user; says what to do
   */
  HikariDataSource open() {
    try {
      return ReadModelDatabase.postgresql(url, user, password);
    } catch (ReadModelException e) {
      throw new ReadModelException(e.getMessage() + advice(e), e);
    }
  }

  /** What an operator may do about a failure, to be put behind its message. */
  String advice(Throwable failure) {
    Throwable cause = failure;
    while (!(cause instanceof SQLException) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String state = cause instanceof SQLException sql ? String.valueOf(sql.getSQLState()) : "";
    return switch (state) {
      case "08001", "08006" -> "; is the server running, and are host and port right?";
      case "28P01", "28000", "08004" ->
          "; the user is '" + user + "' (?user= or PGUSER), the password is taken from PGPASSWORD";
      case "3D000" -> "; make it first: CREATE DATABASE " + place().replaceFirst(".*/", "");
      default -> "";
    };
  }

  /** Without password and parameters. */
  @Override
  public String toString() {
    return place();
  }
}
