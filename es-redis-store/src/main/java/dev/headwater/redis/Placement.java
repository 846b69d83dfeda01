package dev.headwater.redis;

import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Which node of a cluster holds each partition, as far as is known. All keys of a partition are in
 * one slot. What a node says of a slot counts at once; after a failure the whole is asked for anew.
 */
final class Placement {
  private final RedisClusterClient client;
  private final int[] slots;
  private final AtomicReferenceArray<@Nullable Node> nodes;
  private final AtomicBoolean refreshing = new AtomicBoolean();

  Placement(RedisClusterClient client, Keys keys) {
    this.client = client;
    this.slots = new int[keys.partitions()];
    for (int p = 0; p < slots.length; p++) {
      slots[p] = SlotHash.getSlot(keys.log(p));
    }
    this.nodes = new AtomicReferenceArray<>(slots.length);
    takeOver();
  }

  private void takeOver() {
    for (int p = 0; p < slots.length; p++) {
      RedisClusterNode node = client.getPartitions().getPartitionBySlot(slots[p]);
      if (node != null) {
        nodes.set(p, new Node(node.getUri().getHost(), node.getUri().getPort()));
      }
    }
  }

  int partitions() {
    return slots.length;
  }

  /** Null where no node is known to hold the partition. */
  @Nullable Node of(int partition) {
    return nodes.get(partition);
  }

  boolean isUsed(Node node) {
    for (int p = 0; p < slots.length; p++) {
      if (node.equals(nodes.get(p))) {
        return true;
      }
    }
    return false;
  }

  /** A node said so. */
  void moved(int partition, Node to) {
    nodes.set(partition, to);
  }

  /** Asks the nodes in the background, unless that is under way. */
  void refresh() {
    if (refreshing.compareAndSet(false, true)) {
      var unused =
          client
              .refreshPartitionsAsync()
              .whenComplete(
                  (done, failure) -> {
                    try {
                      if (failure == null) {
                        takeOver();
                      }
                    } finally {
                      refreshing.set(false);
                    }
                  });
    }
  }
}
