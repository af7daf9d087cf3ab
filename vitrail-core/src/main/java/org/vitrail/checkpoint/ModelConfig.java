package org.vitrail.checkpoint;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.vitrail.tensor.VitrailException;

/**
 * Holds what {@code config.json}, in Hugging Face's or timm's form, declares beyond names and shapes; each part may be
 * absent.
 *
 * @param classNames class names in label order, or empty
 */
record ModelConfig(
        OptionalInt heads,
        OptionalDouble epsilon,
        Optional<ActivationFunction> activation,
        boolean averagePooling,
        List<String> classNames) {

    /** The empty configuration of a model without {@code config.json}. */
    static final ModelConfig NONE =
            new ModelConfig(OptionalInt.empty(), OptionalDouble.empty(), Optional.empty(), false, List.of());

    /** Reads the text; {@code where} names the file in messages. */
    static ModelConfig parse(String text, String where) {
        JsonNode config;
        try {
            config = new ObjectMapper().readTree(text);
        } catch (JacksonException e) {
            throw new VitrailException(where + ": is not JSON (" + e.getOriginalMessage() + ")", e);
        }
        return new ModelConfig(
                heads(config, where),
                epsilon(config, where),
                activation(config, where),
                config.path("global_pool").asText().equals("avg"),
                classNames(config, where));
    }

    private static OptionalInt heads(JsonNode config, String where) {
        JsonNode heads =
                first(config.path("num_attention_heads"), config.path("num_heads"), config.at("/model_args/num_heads"));
        if (heads.isMissingNode()) {
            return OptionalInt.empty();
        }
        if (!heads.isInt() || heads.intValue() < 1) {
            throw new VitrailException(
                    where + ": the number of attention heads must be a positive integer, got " + heads);
        }
        return OptionalInt.of(heads.intValue());
    }

    private static OptionalDouble epsilon(JsonNode config, String where) {
        JsonNode epsilon = config.path("layer_norm_eps");
        if (epsilon.isMissingNode()) {
            return OptionalDouble.empty();
        }
        if (!epsilon.isNumber()) {
            throw new VitrailException(where + ": layer_norm_eps must be a number, got " + epsilon);
        }
        return OptionalDouble.of(epsilon.doubleValue());
    }

    private static Optional<ActivationFunction> activation(JsonNode config, String where) {
        if (config.path("architecture").asText().contains("quickgelu")) {
            return Optional.of(ActivationFunction.QUICK_GELU);
        }
        JsonNode name = first(config.path("hidden_act"), config.at("/model_args/act_layer"));
        if (name.isMissingNode()) {
            return Optional.empty();
        }
        return Optional.of(ActivationFunction.named(name.asText())
                .orElseThrow(() -> new VitrailException(
                        where + ": the activation " + name + " is not supported: use GELU, quick GELU or ReLU")));
    }

    private static List<String> classNames(JsonNode config, String where) {
        JsonNode labels =
                first(config.path("id2label"), config.path("label_names"), config.at("/pretrained_cfg/label_names"));
        List<String> names = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            JsonNode name = labels.isArray() ? labels.path(i) : labels.path(Integer.toString(i));
            if (!name.isTextual()) {
                throw new VitrailException(
                        where + ": gives " + labels.size() + " class names, but none for class " + i);
            }
            names.add(name.asText());
        }
        return names;
    }

    /** Returns the first node that is present and not null, else a missing one. */
    private static JsonNode first(JsonNode... nodes) {
        for (JsonNode node : nodes) {
            if (!node.isMissingNode() && !node.isNull()) {
                return node;
            }
        }
        return nodes[0].path("");
    }
}
