package dev.headwater.redis.testing;

import dev.headwater.redis.server.RedisServerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** A server that speaks TLS beside the plain protocol. */
public final class TlsRedis implements AutoCloseable {
  private final OwnRedis redis;
  private final int port;

  /**
   * Starts one.
   *
   * @param alias which of the authority's certificates it shows
   */
  public TlsRedis(TestAuthority authority, String alias) {
    port = freePort();
    redis =
        new OwnRedis(
            RedisServerOptions.in(TestRedis.newFolder())
                .withSetting("tls-port", Integer.toString(port))
                .withSetting("tls-cert-file", authority.certificate(alias).toString())
                .withSetting("tls-key-file", authority.key(alias).toString())
                .withSetting("tls-ca-cert-file", authority.certificate().toString())
                .withSetting("tls-auth-clients", "no"));
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether clients must show a certificate that the authority has signed. */
  public void askForCertificates(boolean ask) {
    redis.tell(commands -> commands.configSet("tls-auth-clients", ask ? "yes" : "no"));
  }

  /** The server, without TLS. */
  public OwnRedis plain() {
    return redis;
  }

  /** Where it speaks TLS, with the credentials in front of the host, such as {@code :password@}. */
  public String uri(String credentials) {
    return "rediss://" + credentials + "127.0.0.1:" + port;
  }

  /** The port where it speaks TLS. */
  public int port() {
    return port;
  }

  @Override
  public void close() {
    redis.close();
  }
}
