package dev.headwater.trading.notice;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.databind.json.JsonMapper;

/**
 * Posts each notice as JSON, its id as idempotency key. Any status of 2xx means that it arrived.
 */
final class NoticeWebhook implements SendNotice {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final URI target;

  /** How the target is shown: what identifies the sender is often in the rest of the URL. */
  private final String shown;

  private NoticeWebhook(URI target) {
    this.target = target;
    this.shown =
        target.getScheme()
            + "://"
            + target.getHost()
            + (target.getPort() < 0 ? "" : ":" + target.getPort());
  }

  static NoticeWebhook at(String url) {
    try {
      URI target = new URI(url);
      if (target.getHost() != null) {
        return new NoticeWebhook(target);
      }
    } catch (URISyntaxException e) {
      // its message has the URL, and what is secret of it
    }
    throw new IllegalArgumentException("the URL for notices can't be read, or names no host");
  }

  @Override
  public void send(FillNotice notice) throws IOException, InterruptedException {
    // tag::post
    HttpRequest request =
        HttpRequest.newBuilder(target)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", notice.id())
            .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(notice)))
            .build();
    // end::post
    HttpResponse<Void> response;
    try {
      response = client.send(request, BodyHandlers.discarding());
    } catch (IOException e) {
      throw new IOException(
          shown + " can't be reached or did not answer: " + e.getClass().getSimpleName(), e);
    }
    if (response.statusCode() / 100 != 2) {
      throw new IOException(shown + " answered with status " + response.statusCode());
    }
  }

  @Override
  public void close() {
    client.close();
  }

  @Override
  public String toString() {
    return shown;
  }
}
