package dev.headwater.event;

/** The rule for names that become part of stored keys and references. */
final class Names {
  private static final int MAX_LENGTH = 100;

  private Names() {}

  static void require(String what, String name) {
    boolean valid = !name.isEmpty() && name.length() <= MAX_LENGTH && isLetter(name.charAt(0));
    for (int i = 1; valid && i < name.length(); i++) {
      char c = name.charAt(i);
      valid = isLetter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
    }
    if (!valid) {
      throw new IllegalArgumentException(
          what
              + " must be a letter followed by up to 99 letters, digits, '_', '.' or '-', was: '"
              + name
              + "'");
    }
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
