package org.vitrail.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import org.vitrail.onnx.AtomicFile;
import org.vitrail.tensor.InputFile;
import org.vitrail.tensor.Limits;
import org.vitrail.verify.ClassificationMetrics;
import org.vitrail.verify.DenseMetrics;
import org.vitrail.verify.DetectionMetrics;
import org.vitrail.verify.EmbeddingMetrics;

/**
 * Writes result records as JSON: the components of a record by their names and in their order, then the figures that are
 * computed from them in the order of their names; absent values and NaN as null.
 */
public final class JsonReport {
    /** Reflection finds methods in no order of its own: figures that are no component of a record are sorted by name. */
    static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(
                    MapperFeature.SORT_PROPERTIES_ALPHABETICALLY,
                    MapperFeature.SORT_CREATOR_PROPERTIES_BY_DECLARATION_ORDER)
            .addModule(new Jdk8Module())
            .addMixIn(ClassificationMetrics.class, Shares.class)
            .addMixIn(DetectionMetrics.class, Compared.class)
            .addMixIn(EmbeddingMetrics.class, Compared.class)
            .addMixIn(DenseMetrics.class, Compared.class)
            .addModule(new SimpleModule()
                    .addSerializer(Double.class, new Finite<>())
                    .addSerializer(double.class, new Finite<>())
                    .addSerializer(Float.class, new Finite<>())
                    .addSerializer(float.class, new Finite<>()))
            .build();

    private static final ObjectWriter WRITER =
            MAPPER.writer(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));

    private static final JsonMapper READER =
            JsonMapper.builder().addModule(new Jdk8Module()).build();

    private JsonReport() {}

    /** Adds the figures that the metrics of every task have. */
    private interface Compared {
        @JsonProperty
        OptionalDouble agreement();

        @JsonProperty
        OptionalDouble lostShare();
    }

    /** Adds to metrics the shares that are computed from their counts. */
    private interface Shares {
        @JsonProperty
        OptionalDouble top1Accuracy();

        @JsonProperty
        OptionalDouble top5Accuracy();

        @JsonProperty
        OptionalDouble agreement();

        @JsonProperty
        OptionalDouble meanKlNats();
    }

    /** Writes NaN and infinities, which JSON does not have, as null. */
    private static final class Finite<N extends Number> extends StdSerializer<N> {
        private static final long serialVersionUID = 1L;

        Finite() {
            super(Number.class, false);
        }

        @Override
        public void serialize(N value, JsonGenerator out, SerializerProvider provider) throws IOException {
            if (!Double.isFinite(value.doubleValue())) {
                out.writeNull();
            } else if (value instanceof Float) {
                out.writeNumber(value.floatValue());
            } else {
                out.writeNumber(value.doubleValue());
            }
        }
    }

    /** Returns the record as indented JSON, ending in a line feed. */
    public static String of(Object result) {
        try {
            return WRITER.writeValueAsString(result) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be written as JSON: " + result.getClass(), e);
        }
    }

    /** Writes the record to a file atomically; throws {@code VitrailException} where that fails. */
    public static void write(Object result, Path file) {
        AtomicFile.writeText(file, of(result));
    }

    /** Reads a record that {@link #write} wrote; empty where there is no such file, or it holds something else. */
    public static <T> Optional<T> read(Path file, Class<T> type) {
        try {
            return Optional.ofNullable(READER.readValue(InputFile.bytes(file, Limits.MAX_TEXT_BYTES), type));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
