package dev.headwater.axon.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headwater.event.RecordedEvent;
import dev.headwater.store.EventStoreException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What is stored as the data of an event: the message's payload, and whatever of the message has no
 * other place. A JSON object with {@code id}, {@code at}, {@code n} (qualified name), {@code v}
 * (version) and {@code m} (metadata) where they are needed, and last {@code p}: the payload as the
 * converter made it, if that is JSON; else {@code b}: the payload in Base64; neither for no
 * payload.
 *
 * @param id the message's identifier, unless the commit has the same
 * @param at the timestamp as ISO 8601, unless the commit has the same
 * @param name the qualified name, unless the stored type stands for it
 * @param version the version, unless the stored type stands for it
 * @param metadata what the commit's metadata doesn't have
 * @param payload as the converter made it
 */
record Envelope(
    @Nullable String id,
    @Nullable String at,
    @Nullable String name,
    @Nullable String version,
    Map<String, @Nullable String> metadata,
    byte @Nullable [] payload) {
  private static final JsonFactory JSON = new JsonFactory();
  private static final byte[] PAYLOAD = "\"p\":".getBytes(UTF_8);

  byte[] toJson() {
    byte @Nullable [] inline = payload != null && isJson(payload) ? payload : null;
    ByteArrayOutputStream out = new ByteArrayOutputStream(64);
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      writeText(json, "id", id);
      writeText(json, "at", at);
      writeText(json, "n", name);
      writeText(json, "v", version);
      writeMetadata(json);
      if (payload != null && inline == null) {
        json.writeName("b");
        json.writeBinary(payload);
      }
      json.writeEndObject();
    }
    return inline == null ? out.toByteArray() : withPayload(out.toByteArray(), inline);
  }

  private static void writeText(JsonGenerator json, String name, @Nullable String value) {
    if (value != null) {
      json.writeStringProperty(name, value);
    }
  }

  private void writeMetadata(JsonGenerator json) {
    if (!metadata.isEmpty()) {
      json.writeObjectPropertyStart("m");
      metadata.forEach(json::writeStringProperty); // null is written as null
      json.writeEndObject();
    }
  }

  /** Puts the payload's own bytes before the closing brace. */
  private static byte[] withPayload(byte[] object, byte[] payload) {
    boolean alone = object.length == 2;
    int open = object.length - 1;
    byte[] whole =
        Arrays.copyOf(object, open + (alone ? 0 : 1) + PAYLOAD.length + payload.length + 1);
    if (!alone) {
      whole[open++] = ',';
    }
    System.arraycopy(PAYLOAD, 0, whole, open, PAYLOAD.length);
    System.arraycopy(payload, 0, whole, open + PAYLOAD.length, payload.length);
    whole[whole.length - 1] = '}';
    return whole;
  }

  /** Whether it is one JSON value in UTF-8 that begins with its first byte. */
  private static boolean isJson(byte[] bytes) {
    if (bytes.length == 0 || bytes[0] <= ' ' || (bytes.length > 1 && bytes[1] == 0)) {
      return false; // not ASCII, white space, or UTF-16
    }
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), bytes)) {
      json.nextToken();
      json.skipChildren();
      json.finishToken();
      return json.nextToken() == null;
    } catch (JacksonException e) {
      return false;
    }
  }

  /** Reads the stored form. Unknown fields are passed over. */
  static Envelope of(RecordedEvent event) {
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), event.data())) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw unreadable(event, null);
      }
      return read(json, event.data());
    } catch (JacksonException e) {
      throw unreadable(event, e);
    }
  }

  private static Envelope read(JsonParser json, byte[] data) {
    String id = null;
    String at = null;
    String name = null;
    String version = null;
    Map<String, @Nullable String> metadata = Map.of();
    byte[] payload = null;
    for (String field = json.nextName(); field != null; field = json.nextName()) {
      json.nextToken();
      switch (field) {
        case "id" -> id = json.getValueAsString();
        case "at" -> at = json.getValueAsString();
        case "n" -> name = json.getValueAsString();
        case "v" -> version = json.getValueAsString();
        case "m" -> metadata = readMetadata(json);
        case "b" -> payload = json.getBinaryValue();
        case "p" -> {
          int start = (int) json.currentTokenLocation().getByteOffset();
          payload = Arrays.copyOfRange(data, start, data.length - 1);
          return new Envelope(id, at, name, version, metadata, payload);
        }
        default -> json.skipChildren();
      }
    }
    return new Envelope(id, at, name, version, metadata, payload);
  }

  private static Map<String, @Nullable String> readMetadata(JsonParser json) {
    Map<String, @Nullable String> metadata = new HashMap<>();
    for (String key = json.nextName(); key != null; key = json.nextName()) {
      metadata.put(key, json.nextToken() == JsonToken.VALUE_NULL ? null : json.getValueAsString());
    }
    return metadata;
  }

  private static EventStoreException unreadable(RecordedEvent event, @Nullable Throwable cause) {
    return new EventStoreException(
        event.type()
            + " at "
            + event.stream()
            + "@"
            + event.version()
            + " is not an event that an Axon application stored; read it with an EventCodec",
        cause);
  }
}
