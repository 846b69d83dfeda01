package dev.headwater.redis;

import dev.headwater.store.StoreUnavailableException;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLException;

/** Tells why a connection could not be opened, and what to do. */
final class Unreachable {
  private Unreachable() {}

  static StoreUnavailableException because(RedisStoreOptions options, Throwable failure) {
    Throwable root = failure;
    boolean tls = false;
    while (true) {
      tls |= root instanceof SSLException || root instanceof GeneralSecurityException;
      if (root.getCause() == null) {
        break;
      }
      root = root.getCause();
    }
    String reason = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    return new StoreUnavailableException(
        "can't reach Redis at "
            + options.address()
            + ": "
            + reason
            + "; "
            + advice(options, root, reason, tls),
        failure);
  }

  private static String advice(
      RedisStoreOptions options, Throwable root, String reason, boolean tls) {
    if (Failure.of(root) == Failure.REFUSED) {
      return Failure.advice(reason);
    }
    if (reason.contains("PKIX") || reason.contains("certification path")) {
      return "no trusted authority has signed its certificate: name the authority's PEM file with"
          + " RedisStoreOptions.withTls(TlsOptions.trusting(file))";
    }
    if (reason.contains("subject alternative") || reason.contains("No name matching")) {
      return "its certificate is made out to another host: use the host that it names";
    }
    if (tls) {
      return "does it speak TLS on that port, and does it ask for a certificate of the client"
          + " (TlsOptions.showing)?";
    }
    return reason.contains("closed prematurely") && !options.redisUri().isSsl()
        ? "is it running, and does it speak TLS on that port (rediss://)?"
        : "is it running?";
  }
}
