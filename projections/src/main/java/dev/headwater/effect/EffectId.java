package dev.headwater.effect;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headwater.event.StreamId;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * Names an effect of an event: the same whenever and wherever it is attempted.
 *
 * <p>A name-based UUID (RFC 9562, version 5) in the namespace {@link #NAMESPACE} of {@code
 * <effect's name>|<index>|<version>|<type>:<id>}, in UTF-8: the event's version and stream behind
 * the name of the effect and an index from 0.
 *
 * @param effect name of the effect
 * @param stream the event's stream
 * @param version the event's version
 * @param index which of several effects of the event
 */
public record EffectId(String effect, StreamId stream, long version, int index) {
  /** The namespace of all effect ids. */
  public static final UUID NAMESPACE = UUID.fromString("6f2f2d0a-5d0b-5c1f-9f0e-1d7a4b7c9e21");

  /** Validates. */
  public EffectId {
    if (index < 0) {
      throw new IllegalArgumentException("index must be at least 0, was: " + index);
    }
  }

  /** The id of another effect of the same event; the handler's own has index 0. */
  public EffectId at(int otherIndex) {
    return new EffectId(effect, stream, version, otherIndex);
  }

  /** The id. */
  public UUID uuid() {
    return nameBased(effect + "|" + index + "|" + version + "|" + stream);
  }

  /** A version 5 UUID of a name in {@link #NAMESPACE}. */
  public static UUID nameBased(String name) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(
          ByteBuffer.allocate(16)
              .putLong(NAMESPACE.getMostSignificantBits())
              .putLong(NAMESPACE.getLeastSignificantBits())
              .flip());
      ByteBuffer hash = ByteBuffer.wrap(sha1.digest(name.getBytes(UTF_8)));
      long high = (hash.getLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x5000L;
      long low = (hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
      return new UUID(high, low);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }

  /** The {@link #uuid()}. */
  @Override
  public String toString() {
    return uuid().toString();
  }
}
