package dev.headwater.store;

/** What a commit expects of the stream that it is appended to. */
public sealed interface ExpectedVersion {
  /** The stream's last event has this version; 0 is the same as {@link #noStream()}. */
  static ExpectedVersion exactly(long version) {
    return new Exactly(version);
  }

  /** The stream has no event yet. */
  static ExpectedVersion noStream() {
    return new Exactly(0);
  }

  /**
   * The stream's last event has this version and belongs to this commit. For a commit that was
   * decided before the one that it builds on was stored: should that one fail, an equal version
   * alone would let this one through on a history that its writer never saw.
   */
  static ExpectedVersion following(long version, String commitId) {
    return new Following(version, commitId);
  }

  /**
   * Nothing: append behind whatever is there. Such a commit has no version by which a store could
   * recognise it when it comes again, only its id, which a store keeps for a bounded number of
   * commits. The store's own repetitions are never stored twice: what it can't tell any more is an
   * {@link AppendOutcomeUnknownException}. A caller that appends the same commit again much later
   * is not protected: where that would do harm, expect a version.
   */
  static ExpectedVersion any() {
    return Any.INSTANCE;
  }

  /** The stream has exactly this version. */
  record Exactly(long version) implements ExpectedVersion {
    /** Validates the version. */
    public Exactly {
      if (version < 0) {
        throw new IllegalArgumentException("expected version must be at least 0, was: " + version);
      }
    }
  }

  /** The stream has exactly this version, reached by this commit. */
  record Following(long version, String commitId) implements ExpectedVersion {
    /** Validates the version. */
    public Following {
      if (version < 1) {
        throw new IllegalArgumentException(
            "a followed commit has a version of at least 1, was: " + version);
      }
    }
  }

  /** The stream has any version. */
  enum Any implements ExpectedVersion {
    /** The only one. */
    INSTANCE
  }
}
