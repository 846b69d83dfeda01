package dev.headwater.trading.notice;

import java.io.IOException;
import java.nio.file.Path;

/** Takes notices of fills to whoever wants them. Implementations are thread-safe. */
public interface SendNotice extends AutoCloseable {
  /**
   * Sends a notice; returns when it has arrived. The same one may be sent again, under the same
   * {@link FillNotice#id}.
   *
   * @throws IOException if it is not certain that it has arrived; without what may be secret of the
   *     target
   */
  void send(FillNotice notice) throws IOException, InterruptedException;

  @Override
  void close();

  /**
   * A target as an operator names it: a URL gets each notice as a POST, a file as a line.
   *
   * @throws IllegalArgumentException if it is neither
   */
  static SendNotice to(String target) {
    if (target.regionMatches(true, 0, "http:", 0, 5)
        || target.regionMatches(true, 0, "https:", 0, 6)) {
      return NoticeWebhook.at(target);
    }
    return NoticeFile.at(Path.of(target));
  }
}
