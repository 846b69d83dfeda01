package dev.headwater.redis;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** What an error of the server or of the connection means for the command that met it. */
enum Failure {
  /** The script isn't cached there; nothing was executed. */
  NO_SCRIPT,
  /** Another node of the cluster has the key, and is named; nothing was executed. */
  MOVED,
  /** Like {@link #MOVED}, for this one time: the key is on its way to that node. */
  ASK,
  /** Refused for now, by a server that starts, fails over or is busy; nothing was executed. */
  PASSING,
  /** Refused until somebody changes something; nothing was executed. */
  REFUSED,
  /** The key holds something else than the layout says; nothing was executed. */
  WRONG_TYPE,
  /** The history is another one; nothing was executed. */
  WRONG_EPOCH,
  /** The consumer group is gone. */
  NO_GROUP,
  /** The script broke off with an error of its own, perhaps behind a write. */
  BROKEN_OFF,
  /** Any other answer of the server; nothing was executed. */
  OTHER,
  /** No answer. The command may have been executed. */
  NO_ANSWER;

  private static final String[] PASSING_WORDS = {
    "LOADING", "READONLY", "TRYAGAIN", "CLUSTERDOWN", "MASTERDOWN", "BUSY ", "NOREPLICAS"
  };
  // Not all at the beginning: 6.2 puts the script's name in front of what a command in it refused.
  private static final String[] REFUSED_WORDS = {
    "OOM ", "MISCONF", "NOPERM", "NOAUTH", "WRONGPASS", "ACL failure", "can't run this command"
  };

  static Failure of(Throwable failure) {
    Throwable cause = unwrap(failure);
    if (!(cause instanceof RedisCommandExecutionException) || cause.getMessage() == null) {
      return NO_ANSWER;
    }
    String message = cause.getMessage();
    if (message.startsWith("NOSCRIPT")) {
      return NO_SCRIPT;
    }
    if (message.startsWith("MOVED ")) {
      return MOVED;
    }
    if (message.startsWith("ASK ")) {
      return ASK;
    }
    if (message.contains("WRONGEPOCH")) {
      return WRONG_EPOCH;
    }
    if (message.contains("NOGROUP") || message.contains("UNBLOCKED")) {
      return NO_GROUP;
    }
    if (message.contains("WRONGTYPE")) {
      return WRONG_TYPE;
    }
    if (Stream.of(PASSING_WORDS).anyMatch(message::contains)) {
      return PASSING;
    }
    if (Stream.of(REFUSED_WORDS).anyMatch(message::contains)) {
      return REFUSED;
    }
    return message.contains("user_script") ? BROKEN_OFF : OTHER;
  }

  static Throwable unwrap(Throwable failure) {
    boolean wrapper =
        failure instanceof CompletionException || failure instanceof ExecutionException;
    return wrapper && failure.getCause() != null ? unwrap(failure.getCause()) : failure;
  }

  /** Whether the same command may succeed in a moment. */
  boolean isPassing() {
    return switch (this) {
      case MOVED, ASK, PASSING, NO_ANSWER -> true;
      default -> false;
    };
  }

  /** Whether it was refused by a replica: it may have been the primary when it was connected to. */
  static boolean isOfReplica(Throwable failure) {
    return String.valueOf(unwrap(failure).getMessage()).contains("READONLY");
  }

  /** What to do about a refusal to a store in that namespace. */
  static String advice(String message, String namespace) {
    if (message.contains("OOM ")) {
      return "it has reached maxmemory: raise it, or archive old events";
    }
    if (message.contains("MISCONF")) {
      return "it can't write to its disk: free space there, and see the server's log";
    }
    if (message.contains("NOAUTH") || message.contains("WRONGPASS")) {
      return "the credentials in the URI are missing or wrong";
    }
    return "the user lacks a permission: see whether it has the commands, and the keys ~"
        + namespace
        + ":*, that docs/how-to/secure-redis.md lists";
  }
}
