package dev.headwater.trading.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A trader's system that takes notices, forgets those with a known id, and may refuse some. */
final class NoticeReceiver implements AutoCloseable {
  private final HttpServer server;
  private final List<JsonNode> posts = new ArrayList<>();
  private final Map<String, JsonNode> taken = new LinkedHashMap<>();
  private Predicate<JsonNode> refuse = notice -> false;

  NoticeReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/fills",
        exchange -> {
          try (exchange) {
            JsonNode notice = JsonMapper.shared().readTree(exchange.getRequestBody());
            String id = exchange.getRequestHeaders().getFirst("Idempotency-Key");
            exchange.sendResponseHeaders(receive(id, notice) ? 204 : 503, -1);
          }
        });
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  private synchronized boolean receive(String id, JsonNode notice) {
    posts.add(notice);
    if (!id.equals(notice.get("id").stringValue()) || refuse.test(notice)) {
      return false;
    }
    taken.putIfAbsent(id, notice);
    return true;
  }

  /** The notices that it answers with an error from now on. */
  synchronized void refuse(Predicate<JsonNode> which) {
    refuse = which;
  }

  /** What it has taken, in the order of the first arrivals. */
  synchronized List<JsonNode> taken() {
    return List.copyOf(taken.values());
  }

  /** How often it was called. */
  synchronized int calls() {
    return posts.size();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/fills?token=s3cret";
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
