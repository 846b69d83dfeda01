package dev.headwater.redis.doctor;

/**
 * One thing that was looked at.
 *
 * @param severity how much it matters
 * @param check what was looked at: a directive's name such as {@code maxmemory-policy}, or a word
 *     such as {@code replicas}; the same in every version
 * @param found what is there
 * @param advice what to set, and why; empty if nothing
 */
public record Finding(Severity severity, String check, String found, String advice) {
  static Finding ok(String check, String found) {
    return new Finding(Severity.OK, check, found, "");
  }

  static Finding note(String check, String found, String advice) {
    return new Finding(Severity.NOTE, check, found, advice);
  }

  static Finding warning(String check, String found, String advice) {
    return new Finding(Severity.WARNING, check, found, advice);
  }

  static Finding error(String check, String found, String advice) {
    return new Finding(Severity.ERROR, check, found, advice);
  }

  /** One line. */
  @Override
  public String toString() {
    return check + " is " + found + (advice.isEmpty() ? "" : "; " + advice);
  }
}
