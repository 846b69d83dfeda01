package dev.headwater.redis;

/** Address of a node of a cluster. */
record Node(String host, int port) {

  /** Reads {@code host:port}; an IPv6 host has colons too. */
  static Node parse(String address) {
    int colon = address.lastIndexOf(':');
    return new Node(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
  }

  /**
   * Where a node's answer {@code MOVED <slot> <host>:<port>}, or {@code ASK} so, leads to.
   *
   * @param from who answered: a node that doesn't know its own name leaves the host out
   */
  static Node redirected(String answer, Node from) {
    Node to = parse(answer.substring(answer.lastIndexOf(' ') + 1));
    return to.host().isEmpty() ? new Node(from.host(), to.port()) : to;
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
