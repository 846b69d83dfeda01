package dev.headwater.aggregate;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The ids of the latest commands that an aggregate has accepted, with the version of each one's
 * first event. Of an aggregate that was loaded from a snapshot only those behind it: the ones
 * before are for the store to recognise.
 */
final class RememberedCommands {
  private final Map<String, Long> versions;

  /** Of those, the ones that are not known to be as durable as the runtime asks. */
  private final Set<String> unproven = new HashSet<>();

  RememberedCommands(int capacity) {
    versions =
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            boolean full = size() > capacity;
            if (full) {
              unproven.remove(eldest.getKey());
            }
            return full;
          }
        };
  }

  /** Remembers the first version that is named for an id. */
  void add(String commandId, long version) {
    versions.putIfAbsent(commandId, version);
  }

  /** The same for a command whose durability is not proven. */
  void addUnproven(String commandId, long version) {
    if (versions.putIfAbsent(commandId, version) == null) {
      unproven.add(commandId);
    }
  }

  void proven(String commandId) {
    unproven.remove(commandId);
  }

  boolean isProven(String commandId) {
    return !unproven.contains(commandId);
  }

  @Nullable Long versionOf(String commandId) {
    return versions.get(commandId);
  }
}
