package dev.headwater.readmodel;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Opens databases for read models. The data source that comes back is a connection pool; close it
 * after the runners that use it.
 *
 * <p>H2 writes a commit to its file within half a second, not at once: a crash may lose the last
 * commits, and the projections make them again. Nor does it promise that a transaction is whole in
 * the file after its process was killed; an application replays its projections then.
 */
public final class ReadModelDatabase {
  /** How many connections a pool has at most, unless another number is given. */
  public static final int CONNECTIONS = 16;

  private static final Pattern USER_BEFORE_HOST = Pattern.compile("^[^?]*@");
  private static final String USER = "sa";
  private static final int ALREADY_OPEN = 90020;
  private static final int CORRUPTED = 90030;
  private static final int IO_FAILED = 90028;
  private static final int OTHER_VERSION = 90048;

  private ReadModelDatabase() {}

  /**
   * An H2 database in a file of which this process is the only user. While no process has it open,
   * analysts open it with {@code jdbc:h2:file:<path>}, user {@code sa}, no password.
   *
   * @param file without H2's ending {@code .mv.db}, which may be given too; the folders are made
   * @throws ReadModelException if another process has it open, it is not an H2 database, or can't
   *     be written
   */
  public static HikariDataSource h2File(Path file) {
    // The application closes the pool when its runners have stopped; H2's own exit hook would not
    // wait for them.
    return openH2(fileUrl(file) + ";DB_CLOSE_ON_EXIT=FALSE", file);
  }

  /**
   * Like {@link #h2File}, but other processes of this user can open it while this one runs, with
   * {@code jdbc:h2:file:<path>;AUTO_SERVER=TRUE}. For that H2 listens on a port of the loopback
   * interface, guarded by a key in a file beside the database. A second application would be let in
   * as well: only {@link #h2File} keeps the database to one.
   */
  public static HikariDataSource h2FileShared(Path file) {
    // H2 reads it once; without it, it would listen on every interface.
    System.setProperty("h2.bindAddress", "127.0.0.1");
    if (!"127.0.0.1".equals(org.h2.engine.SysProperties.BIND_ADDRESS)) {
      throw new ReadModelException(
          "H2 was loaded before it could be told to listen on the loopback interface only; start"
              + " Java with -Dh2.bindAddress=127.0.0.1");
    }
    return openH2(fileUrl(file) + ";AUTO_SERVER=TRUE", file);
  }

  /** An H2 database in memory, which is gone when the data source is closed. */
  public static HikariDataSource h2InMemory(String name) {
    if (!name.matches("[A-Za-z0-9_-]+")) {
      throw new IllegalArgumentException(
          "name of an in-memory database must be letters, digits, '_' or '-', was: '" + name + "'");
    }
    return openH2("jdbc:h2:mem:" + name, Path.of(name));
  }

  /**
   * A PostgreSQL database, 15 or newer, with up to {@value #CONNECTIONS} connections.
   *
   * @see #postgresql(String, String, String, int)
   */
  public static HikariDataSource postgresql(String url, String user, String password) {
    return postgresql(url, user, password, CONNECTIONS);
  }

  /**
   * A PostgreSQL database, 15 or newer. Of several hosts the one that accepts writes is taken. A
   * server that does not answer for five minutes counts as lost. Parameters in the URL go before
   * these settings.
   *
   * @param url such as {@code jdbc:postgresql://host:5432/database}; the password does not belong
   *     there, because URLs are shown
   * @param connections how many there are at most; a runner needs one for each projection and two
   *     more
   * @throws IllegalArgumentException if it is no such URL, or has a user before the host
   * @throws ReadModelException if it can't be reached or refuses the user
   */
  public static HikariDataSource postgresql(
      String url, String user, String password, int connections) {
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException(
          "URL of a PostgreSQL database must start with jdbc:postgresql:, was: " + shown(url));
    }
    if (USER_BEFORE_HOST.matcher(url).find()) {
      throw new IllegalArgumentException(
          "URL of a PostgreSQL database can't have user and password before the host; hand them"
              + " over beside "
              + shown(url));
    }
    HikariConfig config = pool(url, connections);
    config.setUsername(user);
    config.setPassword(password);
    config.addDataSourceProperty("ApplicationName", "headwater");
    config.addDataSourceProperty("connectTimeout", "5");
    config.addDataSourceProperty("socketTimeout", "300");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    config.addDataSourceProperty("targetServerType", "primary");
    return open(config, shown(url));
  }

  /** Without what may be secret. */
  private static String shown(String url) {
    return url.replaceFirst("[?;].*", "").replaceFirst("//.*@", "//");
  }

  /** The JDBC URL by which analysts open the file of {@link #h2File} while it is not in use. */
  public static String fileUrl(Path file) {
    String path = file.toAbsolutePath().normalize().toString();
    if (path.contains(";")) {
      throw new IllegalArgumentException("path of an H2 database can't have ';', was: " + path);
    }
    return "jdbc:h2:file:"
        + (path.endsWith(".mv.db") ? path.substring(0, path.length() - 6) : path);
  }

  private static HikariDataSource openH2(String url, Path file) {
    HikariConfig config = pool(url + ";LOCK_TIMEOUT=5000;TRACE_LEVEL_FILE=0", CONNECTIONS);
    config.setUsername(USER);
    config.setPassword("");
    // The database lives while a connection is open, so some always are.
    config.setMaxLifetime(0);
    return open(config, file.toString());
  }

  private static HikariConfig pool(String url, int connections) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("read-model");
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(connections);
    config.setMinimumIdle(Math.min(2, connections));
    config.setConnectionTimeout(5_000);
    config.setExceptionOverride(new EvictUseless());
    return config;
  }

  private static HikariDataSource open(HikariConfig config, String name) {
    try {
      return new HikariDataSource(config);
    } catch (PoolInitializationException e) {
      throw new ReadModelException(explain(name, e), e);
    } catch (RuntimeException e) {
      // Its cause as the cause: the message has the whole URL.
      throw new ReadModelException(
          "read-model database " + name + " can't be opened: its URL is malformed", e.getCause());
    }
  }

  /**
   * Hikari does not know by which codes H2 says that a connection is of no more use, and that one
   * to a server that has become a replica is of none either.
   */
  private static final class EvictUseless implements SQLExceptionOverride {
    private static final Set<Integer> LOST =
        Set.of(90007, 90028, 90031, 90067, 90098, 90121, 90135);
    private static final String READ_ONLY = "25006";

    @java.lang.Override
    public Override adjudicate(SQLException failure) {
      return LOST.contains(failure.getErrorCode()) || READ_ONLY.equals(failure.getSQLState())
          ? Override.MUST_EVICT
          : Override.CONTINUE_EVICT;
    }
  }

  private static String explain(String name, Throwable failure) {
    Throwable cause = failure;
    while (!(cause instanceof SQLException) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String what = "read-model database " + name;
    int code = cause instanceof SQLException sql ? sql.getErrorCode() : 0;
    return switch (code) {
      case ALREADY_OPEN ->
          what + " is in use by another process; close it there, or use another file";
      case CORRUPTED, IO_FAILED, OTHER_VERSION ->
          what
              + " can't be read: damaged, not an H2 database, or of another H2 version. A read"
              + " model can be made anew: move the file away and start again ("
              + cause.getMessage()
              + ")";
      default -> what + " can't be opened: " + cause.getMessage();
    };
  }
}
