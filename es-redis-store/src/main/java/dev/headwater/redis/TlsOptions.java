package dev.headwater.redis;

import io.lettuce.core.SslOptions;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
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
   * @throws IllegalArgumentException if a file can't be read or holds no certificate
   */
  SslOptions sslOptions() {
    SslOptions.Builder ssl = SslOptions.builder().jdkSslProvider();
    if (authority != null) {
      ssl.trustManager(certificates(authority));
    }
    if (certificate != null && key != null) {
      ssl.keyManager(certificates(certificate), readable(key), null);
    }
    return ssl.build();
  }

  /** Read here already: the client would only find out with its first connection. */
  private static File certificates(Path file) {
    try (InputStream in = Files.newInputStream(readable(file).toPath())) {
      if (!CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
        return file.toFile();
      }
    } catch (IOException | CertificateException e) {
      throw new IllegalArgumentException(
          "the TLS certificate " + file + " is no PEM file: " + e.getMessage(), e);
    }
    throw new IllegalArgumentException("there is no TLS certificate in " + file);
  }

  private static File readable(Path file) {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException("the TLS file " + file + " can't be read");
    }
    return file.toFile();
  }
}
