package org.vitrail.plan;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.vitrail.quantizer.QuantizedWeight;
import org.vitrail.tensor.Limits;
import org.vitrail.tensor.VitrailException;

/** Maps plans to JSON and back with Jackson, strictly: every field must be there, with its own type, and no other. */
final class PlanJson {
    static final ObjectMapper MAPPER = mapper();

    static final ObjectWriter WRITER = MAPPER.writer(
                    new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")))
            .without(JsonGenerator.Feature.AUTO_CLOSE_TARGET);

    private PlanJson() {}

    private static ObjectMapper mapper() {
        SimpleModule module = new SimpleModule()
                .addSerializer(
                        QuantizedWeight.class,
                        serializer((weight, json, context) ->
                                context.defaultSerializeValue(StoredWeight.of(weight), json)))
                .addDeserializer(
                        QuantizedWeight.class,
                        deserializer((json, context) ->
                                context.readValue(json, StoredWeight.class).weight()))
                .addSerializer(float[].class, serializer((values, json, context) -> json.writeBinary(bytes(values))))
                .addDeserializer(float[].class, deserializer((json, context) -> floats(base64(json, context))))
                .addDeserializer(byte[].class, deserializer(PlanJson::base64))
                // The decimals of a double: reading them as a float rounds once.
                .addSerializer(float.class, serializer((value, json, context) -> json.writeNumber((double) value)))
                .addSerializer(Float.class, serializer((value, json, context) -> json.writeNumber((double) value)));
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(Limits.MAX_PLAN_DEPTH)
                        .maxStringLength(Integer.MAX_VALUE) // The file's size is bounded before it is read.
                        .build())
                .build();
        JsonMapper.Builder mapper = JsonMapper.builder(factory)
                .addModules(new Jdk8Module(), module)
                .disable(MapperFeature.AUTO_DETECT_IS_GETTERS, MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL));
        return mapper.withCoercionConfig(
                        LogicalType.Textual,
                        text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .build();
    }

    private static byte[] base64(JsonParser json, DeserializationContext context) throws IOException {
        if (!json.hasToken(JsonToken.VALUE_STRING)) {
            context.reportWrongTokenException(byte[].class, JsonToken.VALUE_STRING, "Base64 expected");
        }
        return json.getBinaryValue();
    }

    private static byte[] bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private static float[] floats(byte[] bytes) {
        if (bytes.length % Float.BYTES != 0) {
            throw new IllegalArgumentException("float32 numbers take 4 bytes each, got " + bytes.length + " bytes");
        }
        float[] values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("numbers must be finite, got " + value);
            }
        }
        return values;
    }

    /** Returns the refusal of a file in one sentence that names the file and, where Jackson knows it, the field. */
    static VitrailException refusal(Path file, JacksonException e) {
        String place = file.toString();
        if (e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
            place += ": " + field(mapping);
        }
        return new VitrailException(place + " " + reason(e) + ": give a plan as --save-plan wrote it", e);
    }

    private static String reason(JacksonException e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof UnrecognizedPropertyException) {
            return "is a field that plans do not have";
        }
        if (cause instanceof IllegalArgumentException) {
            return "cannot be used (" + cause.getMessage() + ")";
        }
        if (cause instanceof JsonMappingException) {
            return "is missing or not of the type that plans have";
        }
        JsonLocation where = e.getLocation();
        return "is cut short or damaged"
                + (where == null ? "" : " at line " + where.getLineNr() + ", column " + where.getColumnNr());
    }

    /** Returns the path of a field, such as {@code plan.layers[3].weight.codes}. */
    private static String field(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference part : e.getPath()) {
            if (part.getFieldName() == null) {
                path.append('[').append(part.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(part.getFieldName());
            }
        }
        return path.toString();
    }

    /** The body of a serializer. */
    private interface Writing<T> {
        void write(T value, JsonGenerator json, SerializerProvider context) throws IOException;
    }

    /** The body of a deserializer. */
    private interface Reading<T> {
        T read(JsonParser json, DeserializationContext context) throws IOException;
    }

    private static <T> JsonSerializer<T> serializer(Writing<T> body) {
        return new JsonSerializer<>() {
            @Override
            public void serialize(T value, JsonGenerator json, SerializerProvider context) throws IOException {
                body.write(value, json, context);
            }
        };
    }

    private static <T> JsonDeserializer<T> deserializer(Reading<T> body) {
        return new JsonDeserializer<>() {
            @Override
            public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
                return body.read(json, context);
            }
        };
    }
}
