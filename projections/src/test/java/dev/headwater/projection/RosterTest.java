package dev.headwater.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RosterTest {
  private static final ProjectionId ORDERS = new ProjectionId("orders", 1);
  private static final ProjectionId TRADES = new ProjectionId("trades", 1);

  private static Roster roster(Map<ProjectionId, List<String>> members) {
    SortedMap<ProjectionId, SortedSet<String>> ready = new TreeMap<>();
    members.forEach((projection, instances) -> ready.put(projection, new TreeSet<>(instances)));
    return new Roster(Map.of(), ready, Map.of(), Duration.ofSeconds(1));
  }

  private static List<String> instances(int count) {
    return IntStream.range(0, count).mapToObj(i -> "i" + i).toList();
  }

  @Nested
  class Every_partition_is_in_one_share {
    @Test
    void and_shares_differ_by_one_at_most() {
      for (int count = 1; count <= 20; count++) {
        List<String> instances = instances(count);
        Roster roster = roster(Map.of(ORDERS, instances, TRADES, instances));
        for (ProjectionId projection : List.of(ORDERS, TRADES)) {
          List<Integer> shares =
              instances.stream().map(one -> roster.share(one, projection, 16)).toList();
          assertThat(shares.stream().mapToInt(share -> share).sum()).isEqualTo(16);
          assertThat(shares)
              .allMatch(share -> share == 16 / shares.size() || share == 16 / shares.size() + 1);
        }
      }
    }

    @Test
    void and_what_does_not_divide_falls_on_other_instances_for_each_projection() {
      List<String> three = instances(3);
      Roster roster = roster(Map.of(ORDERS, three, TRADES, three));
      assertThat(three.stream().map(one -> roster.share(one, ORDERS, 16)).toList())
          .isEqualTo(List.of(6, 5, 5));
      assertThat(three.stream().map(one -> roster.share(one, TRADES, 16)).toList())
          .isEqualTo(List.of(5, 6, 5));
    }

    @Test
    void and_none_is_in_that_of_an_instance_that_does_not_run_the_projection() {
      Roster roster = roster(Map.of(ORDERS, List.of("a"), TRADES, List.of("a", "b")));
      assertThat(roster.share("b", ORDERS, 16)).isZero();
      assertThat(roster.share("a", ORDERS, 16)).isEqualTo(16);
    }
  }
}
