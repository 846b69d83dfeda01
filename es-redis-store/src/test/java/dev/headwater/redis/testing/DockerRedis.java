package dev.headwater.redis.testing;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** Redis in a container, where that can be had without waiting or downloading. */
final class DockerRedis {
  private static final String IMAGE = "redis:7.0";

  private DockerRedis() {}

  static Optional<String> start() {
    return hasImage() ? Optional.of(startContainer()) : Optional.empty();
  }

  /** Asked of the command line, which knows within a moment that there is no engine. */
  private static boolean hasImage() {
    try {
      Process docker =
          new ProcessBuilder("docker", "image", "inspect", IMAGE)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      boolean answered = docker.waitFor(2, TimeUnit.SECONDS);
      if (!answered) {
        docker.destroyForcibly();
      }
      return answered && docker.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  // Lives as long as the JVM; the hook removes it. The build switches Testcontainers' reaper off,
  // whose image might not be there.
  @SuppressWarnings("resource")
  private static String startContainer() {
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(IMAGE))
            .withImagePullPolicy(image -> false)
            .withExposedPorts(6379)
            .waitingFor(Wait.forLogMessage(".*Ready to accept connections.*", 1));
    container.start();
    Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
    return "redis://" + container.getHost() + ":" + container.getMappedPort(6379);
  }
}
