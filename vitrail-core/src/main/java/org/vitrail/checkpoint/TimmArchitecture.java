package org.vitrail.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Properties of an architecture of timm that its checkpoint's keys and shapes do not show.
 *
 * @param refusal the reason why checkpoints of this architecture are not imported, as in "its blocks are ResPostBlock"
 * @param heads attention heads per block; empty if shapes show them, or if the architecture is refused
 */
record TimmArchitecture(
        String name,
        Optional<String> refusal,
        OptionalInt heads,
        double epsilon,
        ActivationFunction activation,
        Pooling pooling) {
    private static final String TABLE = "timm-architectures.txt";

    /** The activation's word in the table for a gated MLP, which shapes show. */
    private static final String GATED = "SWIGLU";

    private static final Map<String, TimmArchitecture> ALL = read();

    /** Returns the architecture's name in timm's {@code config.json}, without the tag of its weights. */
    static Optional<String> nameIn(JsonNode config) {
        JsonNode name = config.path("architecture").isTextual()
                ? config.path("architecture")
                : config.at("/pretrained_cfg/architecture");
        return name.isTextual() ? Optional.of(name.asText().replaceFirst("\\..*", "")) : Optional.empty();
    }

    /** Finds an architecture that has the keys of a supported family, whether it is supported or not. */
    static Optional<TimmArchitecture> named(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    static Map<String, TimmArchitecture> all() {
        return ALL;
    }

    private static Map<String, TimmArchitecture> read() {
        Map<String, TimmArchitecture> all = new LinkedHashMap<>();
        try (InputStream in = Objects.requireNonNull(TimmArchitecture.class.getResourceAsStream(TABLE), TABLE)) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(TimmArchitecture::parse)
                    .forEach(row -> all.put(row.name, row));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Collections.unmodifiableMap(all);
    }

    /** Parses "NAME refused REASON" or "NAME FAMILY HEADS EPSILON ACTIVATION POOLING". */
    private static TimmArchitecture parse(String line) {
        String[] parts = line.split(" ", 3);
        if (parts[1].equals("refused")) {
            return new TimmArchitecture(
                    parts[0],
                    Optional.of(parts[2]),
                    OptionalInt.empty(),
                    1e-6,
                    ActivationFunction.GELU,
                    Pooling.CLASS_TOKEN);
        }
        String[] values = parts[2].split(" ", -1);
        return new TimmArchitecture(
                parts[0],
                Optional.empty(),
                values[0].equals("-") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(values[0])),
                Double.parseDouble(values[1]),
                values[2].equals(GATED) ? ActivationFunction.GELU : ActivationFunction.valueOf(values[2]),
                Pooling.valueOf(values[3]));
    }
}
