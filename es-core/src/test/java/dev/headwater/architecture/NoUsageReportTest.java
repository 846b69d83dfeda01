package dev.headwater.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** {@code axon-update} reports usage to its maker; {@code axon-messaging} would bring it along. */
class NoUsageReportTest {
  private final ClassLoader classPath = NoUsageReportTest.class.getClassLoader();

  @Nested
  class The_class_path {
    @Test
    void has_no_axon_update() {
      assertThatThrownBy(() -> classPath.loadClass("org.axonframework.update.UpdateChecker"))
          .isInstanceOf(ClassNotFoundException.class);
      assertThat(classPath.getResource("org/axonframework/update/UpdateChecker.class")).isNull();
      assertThat(
              classPath.getResource("META-INF/maven/org.axonframework/axon-update/pom.properties"))
          .isNull();
    }

    @Test
    void has_no_axon_extension_that_starts_it() throws IOException {
      String service =
          "META-INF/services/org.axonframework.common.configuration.ConfigurationEnhancer";
      for (var resource : Collections.list(classPath.getResources(service))) {
        try (var in = resource.openStream()) {
          assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
              .doesNotContain("org.axonframework.update");
        }
      }
    }
  }
}
