package dev.headwater.codec;

import dev.headwater.store.Snapshot;
import java.util.Objects;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** A state as JSON; see {@link StateCodec#json}. */
record JsonStateCodec<S>(
    String schema, Class<S> stateClass, ObjectWriter writer, ObjectReader reader)
    implements StateCodec<S> {

  static <S> JsonStateCodec<S> of(String name, int revision, Class<S> stateClass) {
    if (name.isEmpty() || revision < 1) {
      throw new IllegalArgumentException(
          "a state's schema needs a name and a revision of at least 1, were '"
              + name
              + "' and "
              + revision);
    }
    JsonMapper json =
        JsonMapper.builder()
            .enable(
                DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    return new JsonStateCodec<>(
        Snapshot.requireSchema(name + "#" + revision),
        stateClass,
        json.writerFor(stateClass),
        json.readerFor(stateClass));
  }

  @Override
  public byte[] encode(S state) {
    return writer.writeValueAsBytes(state);
  }

  @Override
  public S decode(byte[] encoded) {
    return Objects.requireNonNull(
        stateClass.cast(reader.readValue(encoded)), "the state is the JSON literal null");
  }
}
