package dev.headwater.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/** The stored form of {@link Metadata}; short names, because every event carries it. */
final class MetadataJson {
  private static final JsonFactory JSON = new JsonFactory();

  private MetadataJson() {}

  static byte[] write(Metadata metadata) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(64);
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      json.writeNumberProperty("at", metadata.occurredAt());
      writeText(json, "cor", metadata.correlationId());
      writeText(json, "cau", metadata.causationId());
      writeText(json, "act", metadata.actor());
      writeText(json, "tp", metadata.traceparent());
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  private static void writeText(JsonGenerator json, String name, @Nullable String value) {
    if (value != null) {
      json.writeStringProperty(name, value);
    }
  }

  static Metadata read(byte[] bytes) {
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), bytes)) {
      return read(json);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not event metadata: " + new String(bytes, UTF_8), e);
    }
  }

  private static Metadata read(JsonParser json) {
    long at = 0;
    String cor = null;
    String cau = null;
    String act = null;
    String tp = null;
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new StreamReadException(json, "expected a JSON object");
    }
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      JsonToken value = json.nextToken();
      switch (name) {
        case "at" -> at = json.getLongValue();
        case "cor" -> cor = text(json, value);
        case "cau" -> cau = text(json, value);
        case "act" -> act = text(json, value);
        case "tp" -> tp = text(json, value);
        default -> {
          if (value.isStructStart()) {
            json.skipChildren();
          }
        }
      }
    }
    if (json.nextToken() != null) {
      throw new StreamReadException(json, "expected nothing behind the JSON object");
    }
    return new Metadata(at, cor, cau, act, tp);
  }

  private static @Nullable String text(JsonParser json, JsonToken value) {
    return switch (value) {
      case VALUE_STRING -> json.getString();
      case VALUE_NULL -> null;
      default -> throw new StreamReadException(json, "expected a string");
    };
  }
}
