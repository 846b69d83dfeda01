package dev.headwater.projection;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headwater.readmodel.DatabaseTest;
import dev.headwater.readmodel.ReadModelException;
import dev.headwater.readmodel.Table;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DatabaseTest
class VersionNamesTest extends VersionsFixture {
  /** Totals under another name. */
  private record Named(String name) implements Projection {
    @Override
    public List<String> migrations() {
      return Totals.first().migrations();
    }

    @Override
    public List<Table> tables() {
      return Totals.first().tables();
    }

    @Override
    public void define(EventHandlers on) {
      Totals.first().define(on);
    }
  }

  @Nested
  class A_name_is_refused {
    @Test
    void that_would_share_the_schema_of_another_one() {
      ProjectionVersions versions = versions(new Named("day-totals"), new Named("Day.totals"));
      assertThatThrownBy(versions::prepare)
          .isInstanceOf(ReadModelException.class)
          .hasMessageContaining("schema day_totals_v1 is that of another projection");
    }
  }
}
