package dev.headwater.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headwater.redis.testing.AclRedis;
import dev.headwater.redis.testing.TestAuthority;
import dev.headwater.redis.testing.TestRedis;
import dev.headwater.redis.testing.TlsRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a process says, with everything logged that can be, has no password in it. */
class SecretsTest {
  private static final String SECRET = "s3cret-of-the-store";

  @Test
  void no_log_exception_or_text_of_an_object_shows_a_password() throws Exception {
    AclRedis acl = AclRedis.shared(TestRedis.binary());
    TestAuthority authority = new TestAuthority().sign("server", "ip:127.0.0.1");
    try (TlsRedis tls = new TlsRedis(authority, "server")) {
      String works = tls.plain().server().uri();
      tls.plain().tell(commands -> commands.configSet("requirepass", SECRET));
      String output =
          run(
              works.replace("//", "//:" + SECRET + "@"), // as it should be
              works.replace("//", "//:" + SECRET + "@"),
              works.replace("//", "//default:wrong-" + SECRET + "@"),
              tls.uri("app:" + SECRET + "@"), // nobody trusted has signed its certificate
              "redis://app:" + SECRET + "@127.0.0.1:" + freePort(), // nobody there
              acl.uri("auditor"), // may not create a store
              acl.uri("auditor").replace("change-me", SECRET),
              "redis://app:" + SECRET + "@a host:1", // no URI
              "rediss://app:" + SECRET + "@[::1:9/0?timeout=" + SECRET);

      assertThat(output)
          .contains("opened 127.0.0.1")
          .contains("WRONGPASS", "NOPERM", "PKIX", "Connection refused", "not a Redis URI")
          .containsPattern("DEBUG io.lettuce.core")
          .containsOnlyOnce(tls.plain().server().port() + ": maxmemory is not set") // once a server
          .containsPattern("WARN dev.headwater.redis.doctor - Redis .*set it below")
          .doesNotContain(SECRET, "change-me-auditor");
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  /** In a process of its own, whose log is set up anew. */
  private static String run(String... uris) throws IOException, InterruptedException {
    Path output = TestRedis.newFolder().resolve("output");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=debug");
    command.add("-Dorg.slf4j.simpleLogger.log.dev.headwater=trace");
    command.add("-Dorg.slf4j.simpleLogger.log.dev.headwater.redis.doctor=trace");
    command.add(Opening.class.getName());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // Not as arguments, which every process of the machine can read.
    builder.environment().put("URIS", String.join("\n", uris));
    Process process = builder.redirectOutput(output.toFile()).start();
    try {
      assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(output);
  }

  /** Opens a store at each URI, and prints whatever there is to print. */
  static final class Opening {
    private Opening() {}

    public static void main(String[] args) {
      for (String uri : System.getenv("URIS").split("\n")) {
        try {
          RedisStoreOptions options = RedisStoreOptions.at(uri).withNamespace("secrets");
          System.out.println("trying " + options + " " + options.servers());
          try (RedisEventStore store = RedisEventStore.connect(options)) {
            Commits.append(store, Commits.commit(Commits.newStream(), 0, 1));
            System.out.println("opened " + options.address() + " " + store);
          }
        } catch (RuntimeException e) {
          e.printStackTrace(System.out);
        }
      }
    }
  }
}
