package dev.headwater.redis;

import dev.headwater.store.StoreUnavailableException;
import io.lettuce.core.RedisCommandExecutionException;

/** Tells why a connection could not be opened, and what to do. */
final class Unreachable {
  private Unreachable() {}

  static StoreUnavailableException because(RedisStoreOptions options, Throwable failure) {
    Throwable root = failure;
    StringBuilder chain = new StringBuilder();
    while (root.getCause() != null) {
      root = root.getCause();
      chain.append(root).append('\n');
    }
    String reason = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    if (root instanceof RedisCommandExecutionException) {
      return new StoreUnavailableException(
          "Redis at "
              + options.address()
              + " was reached and refuses: "
              + reason
              + "; "
              + advice(Failure.of(root), reason, options.namespace()),
          failure);
    }
    String advice = advice(chain.toString(), options.servers().seeds().getFirst().isSsl());
    return new StoreUnavailableException(
        "can't reach Redis at " + options.address() + ": " + reason + "; " + advice, failure);
  }

  private static String advice(Failure failure, String reason, String namespace) {
    if (failure == Failure.REFUSED) {
      return Failure.advice(reason, namespace);
    }
    if (failure == Failure.PASSING) {
      return "try again in a moment";
    }
    return reason.contains("DB index")
        ? "the URI names a database that the server does not have"
        : "see whether the URI is right, and the server's log";
  }

  private static String advice(String chain, boolean tls) {
    if (chain.contains("PKIX")) {
      return "no authority that is trusted has signed its certificate: name the authority's PEM"
          + " file with RedisStoreOptions.withTls(TlsOptions.trusting(file))";
    }
    if (chain.contains("subject alternative") || chain.contains("No name matching")) {
      return "its certificate is made out to another host: use the host that it names";
    }
    if (tls) {
      return "is it running, does it speak TLS on that port, and does it ask for a certificate of"
          + " the client (TlsOptions.showing)?";
    }
    return chain.contains("Connection reset") || chain.contains("closed prematurely")
        ? "is it running, and does it speak TLS on that port (rediss://)?"
        : "is it running?";
  }
}
