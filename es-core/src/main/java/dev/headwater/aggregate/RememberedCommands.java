package dev.headwater.aggregate;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ids of the latest commands that an aggregate has accepted, with the version of each one's
 * first event. Of an aggregate that was loaded from a snapshot only those behind it: the ones
 * before are for the store to recognise.
 */
final class RememberedCommands {
  private final Map<String, Long> versions;

  RememberedCommands(int capacity) {
    versions =
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > capacity;
          }
        };
  }

  /** Remembers the first version that is named for an id. */
  void add(String commandId, long version) {
    versions.putIfAbsent(commandId, version);
  }

  @Nullable Long versionOf(String commandId) {
    return versions.get(commandId);
  }
}
