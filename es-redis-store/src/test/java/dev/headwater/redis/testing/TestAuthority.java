package dev.headwater.redis.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A certificate authority of one test, with the JDK's own tool. */
public final class TestAuthority {
  private static final String PASSWORD = "changeit";

  private final Path folder;
  private final Path store;

  /** Makes one. */
  public TestAuthority() {
    folder = TestRedis.newFolder();
    store = folder.resolve("store.p12");
    generate("authority", List.of("-ext", "bc:c=ca:true"));
  }

  /** Its own certificate. */
  public Path certificate() {
    return certificate("authority");
  }

  /**
   * Signs a certificate for a host.
   *
   * @param alternative such as {@code ip:127.0.0.1} or {@code dns:example.com}
   */
  public TestAuthority sign(String alias, String alternative) {
    generate(alias, List.of("-signer", "authority", "-ext", "san=" + alternative));
    return this;
  }

  private void generate(String alias, List<String> more) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-keyalg", "EC", "-validity", "2", "-alias", alias));
    command.addAll(List.of("-dname", "CN=" + alias, "-keystore", store.toString()));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    command.addAll(more);
    try {
      Path output = folder.resolve("keytool.log");
      Process keytool =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
        throw new IllegalStateException("keytool failed: " + Files.readString(output));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A certificate as a PEM file. */
  public Path certificate(String alias) {
    return pem(alias, "CERTIFICATE");
  }

  /** The key of a certificate as a PEM file. */
  public Path key(String alias) {
    return pem(alias, "PRIVATE KEY");
  }

  private Path pem(String alias, String what) {
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      byte[] content =
          what.equals("CERTIFICATE")
              ? keys.getCertificate(alias).getEncoded()
              : keys.getKey(alias, PASSWORD.toCharArray()).getEncoded();
      String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
      return Files.writeString(
          folder.resolve(alias + "." + what.replace(' ', '-') + ".pem"),
          "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, body, what));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
