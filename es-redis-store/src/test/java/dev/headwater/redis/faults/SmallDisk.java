package dev.headwater.redis.faults;

import dev.headwater.redis.testing.TestRedis;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A file system of a few megabytes that can be filled to the last byte. Needs root to mount. */
final class SmallDisk implements AutoCloseable {
  private final Path folder;
  private final Path filler;
  private final Thread hook;

  private SmallDisk(Path folder) {
    this.folder = folder;
    this.filler = folder.resolve("filler");
    this.hook = new Thread(this::unmount);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Empty where mounting is not permitted. */
  static Optional<SmallDisk> mount(int megabytes) throws IOException, InterruptedException {
    Path folder = Files.createDirectory(TestRedis.newFolder().resolve("disk"));
    return run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "faults", folder.toString())
        ? Optional.of(new SmallDisk(folder))
        : Optional.empty();
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    try {
      Process process =
          new ProcessBuilder(List.of(command))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false; // no such program
    }
  }

  Path folder() {
    return folder;
  }

  /** Leaves so many bytes free. */
  void fill(long free) throws IOException {
    FileStore disk = Files.getFileStore(folder);
    byte[] chunk = new byte[4096];
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (disk.getUsableSpace() > free + chunk.length) {
        out.write(chunk);
      }
    }
  }

  void free() throws IOException {
    Files.delete(filler);
  }

  private void unmount() {
    try {
      run("umount", "-l", folder.toString());
    } catch (IOException | InterruptedException e) {
      // it holds a few megabytes until the machine is started again
    }
  }

  @Override
  public void close() {
    unmount();
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
