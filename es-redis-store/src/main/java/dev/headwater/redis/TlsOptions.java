package dev.headwater.redis;

import io.lettuce.core.SslOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Certificates for {@code rediss://}. The server's is always checked, and that it is made out to
 * the host in the URI. Immutable.
 *
 * @param authority PEM file with the certificates of the authorities to trust; null for those that
 *     the JVM trusts
 * @param certificate PEM file with the certificate to show to the server, and its chain; null for
 *     none
 * @param key PEM file with that certificate's private key, PKCS #8 and not encrypted; null for none
 */
public record TlsOptions(@Nullable Path authority, @Nullable Path certificate, @Nullable Path key) {
  /** Trusts whom the JVM trusts, and shows no certificate. */
  public static final TlsOptions DEFAULT = new TlsOptions(null, null, null);

  /** Validates; the files are read when a store is opened. */
  public TlsOptions {
    if ((certificate == null) != (key == null)) {
      throw new IllegalArgumentException("a certificate to show needs its key, and a key its own");
    }
  }

  /** Trusts the authorities in that PEM file and no others. */
  public static TlsOptions trusting(Path authority) {
    return new TlsOptions(authority, null, null);
  }

  /** The same, showing that certificate where the server asks for one. */
  public TlsOptions showing(Path newCertificate, Path newKey) {
    return new TlsOptions(authority, newCertificate, newKey);
  }

  /**
   * For the client.
   *
   * @throws IllegalArgumentException if a file can't be read
   */
  SslOptions sslOptions() {
    SslOptions.Builder ssl = SslOptions.builder().jdkSslProvider();
    if (authority != null) {
      ssl.trustManager(readable(authority, "authority").toFile());
    }
    if (certificate != null && key != null) {
      ssl.keyManager(
          readable(certificate, "certificate").toFile(), readable(key, "key").toFile(), null);
    }
    return ssl.build();
  }

  private static Path readable(Path file, String what) {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(
          "the TLS " + what + " " + file + " can't be read: name a PEM file");
    }
    return file;
  }
}
