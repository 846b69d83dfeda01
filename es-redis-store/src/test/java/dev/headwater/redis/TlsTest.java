package dev.headwater.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.event.StreamId;
import dev.headwater.redis.testing.TestAuthority;
import dev.headwater.redis.testing.TlsRedis;
import dev.headwater.store.EventStore;
import dev.headwater.store.StoreUnavailableException;
import dev.headwater.store.SubscriptionSpec;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class TlsTest {
  private static final String HERE = "ip:127.0.0.1";

  private static final Duration SHORT = Duration.ofSeconds(1);

  private static TestAuthority authority;
  private static TestAuthority stranger;
  private static TlsRedis redis;

  @BeforeAll
  static void start() {
    authority = new TestAuthority().sign("server", HERE).sign("client", "dns:client");
    stranger = new TestAuthority().sign("client", "dns:client");
    redis = new TlsRedis(authority, "server");
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  private static RedisStoreOptions options(TlsOptions tls) {
    Duration patience = Duration.ofSeconds(10);
    return RedisStoreOptions.at(redis.uri(""))
        .withPartitions(2)
        .withTimeouts(patience, patience, patience, patience)
        .withTls(tls);
  }

  private static void assertWorks(RedisStoreOptions options) {
    StreamId stream = Commits.newStream();
    try (EventStore store = RedisEventStore.connect(options)) {
      Commits.append(store, Commits.commit(stream, 0, 3));
      assertThat(Commits.versions(store, stream)).containsExactly(1L, 2L, 3L);
      try (var feed =
          store.subscribe(
              new SubscriptionSpec("g", "c", Commits.starts(store), type -> true, 100))) {
        assertThat(feed.poll(Duration.ofSeconds(20))).isNotEmpty();
      }
    }
  }

  @Nested
  class The_servers_certificate {
    @Test
    void is_trusted_if_the_named_authority_signed_it() {
      assertWorks(options(TlsOptions.trusting(authority.certificate())));
    }

    @Test
    void is_refused_with_what_to_do_if_nobody_known_signed_it() {
      for (TlsOptions tls :
          new TlsOptions[] {TlsOptions.DEFAULT, TlsOptions.trusting(stranger.certificate())}) {
        assertThatThrownBy(() -> RedisEventStore.connect(options(tls)))
            .isInstanceOf(StoreUnavailableException.class)
            .hasMessageContaining("127.0.0.1:" + redis.port())
            .hasMessageContaining("TlsOptions.trusting");
      }
    }

    @Test
    void is_refused_if_it_is_made_out_to_another_host() {
      authority.sign("elsewhere", "dns:redis.example.com");
      try (TlsRedis elsewhere = new TlsRedis(authority, "elsewhere")) {
        RedisStoreOptions options =
            RedisStoreOptions.at(elsewhere.uri(""))
                .withTls(TlsOptions.trusting(authority.certificate()));

        assertThatThrownBy(() -> RedisEventStore.connect(options))
            .isInstanceOf(StoreUnavailableException.class)
            .hasMessageContaining("made out to another host");
      }
    }
  }

  @Nested
  class The_clients_certificate {
    @Test
    void is_shown_where_the_server_asks_for_it() {
      redis.askForCertificates(true);
      try {
        TlsOptions silent = TlsOptions.trusting(authority.certificate());
        assertWorks(
            options(silent.showing(authority.certificate("client"), authority.key("client"))));
        assertThatThrownBy(() -> RedisEventStore.connect(options(silent)))
            .isInstanceOf(StoreUnavailableException.class)
            .hasMessageContaining("TlsOptions.showing");
      } finally {
        redis.askForCertificates(false);
      }
    }

    @Test
    void is_no_certificate_without_its_key() {
      Path certificate = authority.certificate("client");

      assertThatThrownBy(() -> new TlsOptions(null, certificate, null))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Nested
  class A_mistake {
    @Test
    void a_file_that_is_not_there_is_named() {
      assertThatThrownBy(
              () -> RedisEventStore.connect(options(TlsOptions.trusting(Path.of("no.pem")))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no.pem");
    }

    @Test
    void a_file_that_holds_something_else_is_named() {
      assertThatThrownBy(
              () -> RedisEventStore.connect(options(TlsOptions.trusting(Path.of("pom.xml")))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("pom.xml");
    }

    @Test
    void plain_words_to_a_port_that_speaks_tls_are_explained() {
      RedisStoreOptions plain = RedisStoreOptions.at("redis://127.0.0.1:" + redis.port());

      assertThatThrownBy(() -> RedisEventStore.connect(plain))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("rediss://");
    }

    @Test
    void tls_to_a_port_that_speaks_plainly_is_explained() {
      RedisStoreOptions tls =
          RedisStoreOptions.at("rediss://127.0.0.1:" + redis.plain().server().port())
              .withTimeouts(SHORT, SHORT, SHORT, SHORT);

      assertThatThrownBy(() -> RedisEventStore.connect(tls))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("TLS");
    }
  }
}
