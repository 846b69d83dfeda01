package dev.headwater.redis.doctor;

/** How much a finding matters, the least first. */
public enum Severity {
  /** As it should be. */
  OK,
  /** Good to know; or it could not be checked. */
  NOTE,
  /** Events may get lost in rare circumstances, or the server costs more than it has to. */
  WARNING,
  /** Events get lost, or can't be stored. */
  ERROR
}
