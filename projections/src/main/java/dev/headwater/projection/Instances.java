package dev.headwater.projection;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** Names for runners, which people see: {@code host/process id/random/number}. */
final class Instances {
  /** What the names of all runners of this process begin with, and no other's. */
  static final String PROCESS =
      host()
          + "/"
          + ProcessHandle.current().pid()
          + "/"
          + UUID.randomUUID().toString().substring(0, 8)
          + "/";

  private static final int HOST_LENGTH = 100;
  private static final AtomicInteger RUNNERS = new AtomicInteger();

  private Instances() {}

  static String next() {
    return PROCESS + RUNNERS.incrementAndGet();
  }

  private static String host() {
    try {
      String host = InetAddress.getLocalHost().getHostName();
      return host.substring(0, Math.min(host.length(), HOST_LENGTH));
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
