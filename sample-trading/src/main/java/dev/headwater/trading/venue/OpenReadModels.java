package dev.headwater.trading.venue;

import com.zaxxer.hikari.HikariDataSource;
import dev.headwater.readmodel.ReadModelDatabase;
import dev.headwater.readmodel.ReadModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open database of the read models, its schema up to date.
 *
 * @param whenClosed what is left to do once nothing uses it any more
 */
record OpenReadModels(HikariDataSource database, Runnable whenClosed) implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OpenReadModels.class);

  /** A PostgreSQL database. What is in it is never put aside: it may not be ours alone. */
  static OpenReadModels postgres(PostgresAddress address, Consumer<DataSource> migrate) {
    return new OpenReadModels(migrated(address.open(), migrate), () -> {});
  }

  /**
   * An H2 file. A schema that can't be brought up to date (its making was interrupted, say) is put
   * aside, because the events make everything in it anew.
   */
  static OpenReadModels file(Path file, Consumer<DataSource> migrate) {
    Path openMark = file.resolveSibling(file.getFileName() + ".open");
    boolean mayBeTorn = Files.exists(openMark);
    HikariDataSource database = ReadModelDatabase.h2File(file);
    if (mayBeTorn) { // H2 does not promise that a transaction is whole after its process was killed
      database.close();
      LOG.warn(
          "the read models were not closed properly: they are made anew from the events;"
              + " ./trading replay waits until they are complete");
      putAside(file);
      database = ReadModelDatabase.h2File(file);
    }
    try {
      migrated(database, migrate);
    } catch (ReadModelException e) {
      Path aside = putAside(file);
      LOG.warn(
          "{}; the read models are made anew from the events, the old ones are in {}",
          e.getMessage(),
          aside);
      database = migrated(ReadModelDatabase.h2File(file), migrate);
    }
    try {
      Files.write(openMark, new byte[0]);
    } catch (IOException e) {
      database.close();
      throw new UncheckedIOException("can't write " + openMark, e);
    }
    return new OpenReadModels(database, () -> openMark.toFile().delete());
  }

  private static HikariDataSource migrated(
      HikariDataSource database, Consumer<DataSource> migrate) {
    try {
      migrate.accept(database);
      return database;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private static Path putAside(Path file) {
    Path stored = file.resolveSibling(file.getFileName() + ".mv.db");
    Path aside = file.resolveSibling(file.getFileName() + ".unusable.mv.db");
    try {
      return Files.move(stored, aside, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("can't move " + stored + " aside", e);
    }
  }

  @Override
  public void close() {
    database.close();
    whenClosed.run();
  }
}
