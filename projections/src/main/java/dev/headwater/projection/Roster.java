package dev.headwater.projection;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * Who runs what, as the database showed it at one moment.
 *
 * @param leases of every projection, by partition
 * @param members the living instances that are ready to run a projection
 * @param checkpoints of every projection
 * @param nextExpiry how long until the first of the other instances is taken for dead unless it is
 *     seen again
 */
record Roster(
    Map<ProjectionId, List<Lease>> leases,
    SortedMap<ProjectionId, SortedSet<String>> members,
    Map<ProjectionId, List<Checkpoint>> checkpoints,
    Duration nextExpiry) {

  List<Lease> leases(ProjectionId projection) {
    return leases.getOrDefault(projection, List.of());
  }

  List<Checkpoint> checkpoints(ProjectionId projection) {
    return checkpoints.getOrDefault(projection, List.of());
  }

  /**
   * How many partitions of a projection an instance is to run: as many as the others, but for what
   * does not divide. That falls on other instances for each projection.
   */
  int share(String instance, ProjectionId projection, int partitions) {
    SortedSet<String> ready = members.get(projection);
    if (ready == null || !ready.contains(instance)) {
      return 0;
    }
    int count = ready.size();
    int rest = partitions % count;
    int first = members.headMap(projection).size() * rest;
    int rank = Math.floorMod(ready.headSet(instance).size() - first, count);
    return partitions / count + (rank < rest ? 1 : 0);
  }
}
