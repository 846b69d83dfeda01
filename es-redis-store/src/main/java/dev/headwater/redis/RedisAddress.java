package dev.headwater.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a URI names: a server, the sentinels of one, or some nodes of a cluster.
 *
 * @param seeds one server (maybe by its sentinels), or the nodes to ask for the others
 * @param cluster whether the URI says that it is a cluster; a server may turn out to be part of one
 */
record RedisAddress(List<RedisURI> seeds, boolean cluster) {
  private static final String CLUSTER = "redis-cluster://";
  private static final String CLUSTER_TLS = "rediss-cluster://";

  private static final Pattern IPV6 =
      Pattern.compile("\\[?[0-9A-Fa-f.]*(:[0-9A-Fa-f.]*){2,7}(%.+)?]?");

  static RedisAddress parse(String uri) {
    try {
      if (uri.startsWith(CLUSTER) || uri.startsWith(CLUSTER_TLS)) {
        URI nodes = URI.create(uri.replaceFirst("-cluster", ""));
        return checked(new RedisAddress(RedisClusterURIUtil.toRedisURIs(nodes), true));
      }
      return checked(new RedisAddress(List.of(RedisURI.create(uri)), false));
    } catch (RuntimeException e) {
      // its message repeats the URI, which may hold a password
    }
    throw new IllegalArgumentException(
        "not a Redis URI; expected redis://[[user]:password@]host:port[/database],"
            + " redis-cluster://[[user]:password@]host:port,host:port or"
            + " redis-sentinel://[[user]:password@]host:port,host:port[/database]"
            + "?sentinelMasterId=name, with rediss for redis where it is TLS; special characters in"
            + " user and password must be percent-encoded, such as %40 for @");
  }

  private static RedisAddress checked(RedisAddress address) {
    for (RedisURI seed : address.seeds) {
      boolean sentinels = seed.getSentinelMasterId() != null && !seed.getSentinels().isEmpty();
      if (seed.getHost() == null && seed.getSocket() == null && !sentinels) {
        throw new IllegalArgumentException("no host");
      }
      if (seed.getHost() != null && !isHost(seed.getHost())) {
        throw new IllegalArgumentException("no host, but part of a password");
      }
      if (address.cluster && seed.getDatabase() != 0) {
        throw new IllegalArgumentException("a cluster has database 0 only");
      }
    }
    if (address.seeds.isEmpty()) {
      throw new IllegalArgumentException("no host");
    }
    return address;
  }

  /** A password that is not encoded may be taken for a host, and would be shown as one. */
  private static boolean isHost(String host) {
    return !host.contains(":") || IPV6.matcher(host).matches();
  }

  /** Hosts and ports, for messages. */
  @Override
  public String toString() {
    return seeds.stream().map(RedisAddress::text).collect(Collectors.joining(","));
  }

  private static String text(RedisURI uri) {
    if (uri.getSocket() != null) {
      return uri.getSocket();
    }
    if (uri.getHost() != null) {
      return uri.getHost() + ":" + uri.getPort();
    }
    return uri.getSentinels().stream().map(RedisAddress::text).collect(Collectors.joining(","))
        + " (sentinels of "
        + uri.getSentinelMasterId()
        + ")";
  }
}
