package dev.headwater.redis;

import dev.headwater.store.StoreUnavailableException;

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
    String advice =
        Failure.of(root) == Failure.REFUSED
            ? Failure.advice(reason)
            : advice(chain.toString(), options.redisUri().isSsl());
    return new StoreUnavailableException(
        "can't reach Redis at " + options.address() + ": " + reason + "; " + advice, failure);
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
