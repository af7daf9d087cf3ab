package org.vitrail.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.vitrail.tensor.VitrailException;

/**
 * Reads the fields of a JSON object and checks each as it is read.
 *
 * @param where the file and the path inside it, for messages
 */
record JsonFields(JsonNode node, String where) {
    /** The largest side of an image. */
    static final int MAX_PIXELS = 1_000_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    static JsonFields parse(String text, String where) {
        try {
            JsonNode node = JSON.readTree(text);
            if (node == null || !node.isObject()) {
                throw new VitrailException(where + ": wanted a JSON object");
            }
            return new JsonFields(node, where);
        } catch (JsonProcessingException e) {
            throw new VitrailException(where + ": not JSON (" + e.getOriginalMessage() + ")", e);
        }
    }

    /** Builds a value from the fields; an exception of the constructor becomes an error in the file. */
    <T> T build(Supplier<T> builder) {
        try {
            return builder.get();
        } catch (IllegalArgumentException e) {
            throw new VitrailException(where + ": " + e.getMessage(), e);
        }
    }

    boolean has(String name) {
        return node.hasNonNull(name);
    }

    /** The field, if it is present and not null. */
    Optional<JsonNode> get(String name) {
        return has(name) ? Optional.of(node.get(name)) : Optional.empty();
    }

    Optional<JsonFields> object(String name) {
        return get(name).filter(JsonNode::isObject).map(value -> new JsonFields(value, where + ", " + name));
    }

    boolean flag(String name, boolean otherwise) {
        return get(name).map(value -> value.asBoolean(otherwise)).orElse(otherwise);
    }

    Optional<String> text(String name) {
        return checked(name, JsonNode::isTextual, "a text").map(JsonNode::textValue);
    }

    /** A positive whole number of at most a million, as the side of an image. */
    int side(String name) {
        return checked(name, JsonFields::isSide, "a number of pixels")
                .orElseThrow(() -> new VitrailException(where + ": field \"" + name + "\" is missing"))
                .intValue();
    }

    Optional<Double> number(String name) {
        return checked(name, JsonNode::isNumber, "a number").map(JsonNode::doubleValue);
    }

    /** Three numbers, or one that stands for all channels. */
    Optional<Rgb> rgb(String name) {
        return checked(name, value -> value.isNumber() || isTriple(value), "three numbers")
                .map(value -> value.isNumber() ? Rgb.grey(value.doubleValue()) : rgb(value));
    }

    private static Rgb rgb(JsonNode triple) {
        return new Rgb(
                triple.get(0).doubleValue(),
                triple.get(1).doubleValue(),
                triple.get(2).doubleValue());
    }

    private Optional<JsonNode> checked(String name, Predicate<JsonNode> valid, String wanted) {
        Optional<JsonNode> value = get(name);
        if (value.isPresent() && !valid.test(value.get())) {
            throw wrong(name, wanted);
        }
        return value;
    }

    /** Returns whether a value is a side of an image in pixels. */
    static boolean isSide(JsonNode value) {
        return value.isIntegralNumber() && value.longValue() >= 1 && value.longValue() <= MAX_PIXELS;
    }

    private static boolean isTriple(JsonNode value) {
        return value.size() == 3
                && value.get(0).isNumber()
                && value.get(1).isNumber()
                && value.get(2).isNumber();
    }

    VitrailException missing(String name, String why) {
        return new VitrailException(where + ": field \"" + name + "\" is missing, but " + why);
    }

    VitrailException wrong(String name, String wanted) {
        return new VitrailException(where + ": field \"" + name + "\" must be " + wanted + ", got " + node.get(name));
    }
}
