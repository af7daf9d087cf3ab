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
 * @param modelType Hugging Face's {@code model_type}
 * @param architecture timm's name of the architecture
 * @param imageSize pixels per side of the pictures that the model takes
 * @param inputSize pixels per side of the pictures that it was trained with, for a model that does not state its own
 * @param headless whether the configuration says that there is no head
 * @param classNames class names in label order, or empty
 */
record ModelConfig(
        Optional<String> modelType,
        Optional<String> architecture,
        OptionalInt heads,
        OptionalDouble epsilon,
        Optional<ActivationFunction> activation,
        Optional<Pooling> pooling,
        OptionalInt imageSize,
        OptionalInt inputSize,
        boolean headless,
        List<String> classNames) {

    /** The empty configuration of a model without {@code config.json}. */
    static final ModelConfig NONE = new ModelConfig(
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            OptionalDouble.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            false,
            List.of());

    /** The number of heads of all of Hugging Face's families where the configuration leaves it out. */
    private static final int HUGGING_FACE_HEADS = 12;

    /**
     * Reads the text; {@code where} names the file in messages.
     *
     * @throws VitrailException if it asks for something that is not imported
     */
    static ModelConfig parse(String text, String where) {
        JsonNode config;
        try {
            config = new ObjectMapper().readTree(text);
        } catch (JacksonException e) {
            throw new VitrailException(where + ": is not JSON (" + e.getOriginalMessage() + ")", e);
        }
        ConfigRefusals.check(config, where);
        Optional<String> architecture = TimmArchitecture.nameIn(config);
        Optional<TimmArchitecture> timm = architecture.flatMap(TimmArchitecture::named);
        boolean hasVision = config.path("vision_config").isObject();
        JsonNode vision = hasVision ? config.path("vision_config") : config;
        return new ModelConfig(
                architecture.isPresent() ? Optional.empty() : text(config.path("model_type")),
                architecture,
                heads(vision, timm, vision.path("model_type").isTextual() || hasVision, where),
                epsilon(vision, timm, where),
                activation(vision, architecture, timm, where),
                first(config.at("/model_args/global_pool"), config.path("global_pool"))
                                .isMissingNode()
                        ? timm.map(TimmArchitecture::pooling)
                        : Optional.of(pooling(config)),
                side(first(vision.path("image_size"), config.at("/model_args/img_size"))),
                side(config.at("/pretrained_cfg/input_size/1")),
                config.path("num_classes").isInt() && config.path("num_classes").intValue() == 0,
                classNames(config, where));
    }

    private static OptionalInt heads(
            JsonNode config, Optional<TimmArchitecture> timm, boolean huggingFace, String where) {
        JsonNode heads =
                first(config.path("num_attention_heads"), config.at("/model_args/num_heads"), config.path("num_heads"));
        if (heads.isArray()) {
            return OptionalInt.empty();
        }
        if (heads.isMissingNode()) {
            return huggingFace && timm.isEmpty()
                    ? OptionalInt.of(HUGGING_FACE_HEADS)
                    : timm.map(TimmArchitecture::heads).orElse(OptionalInt.empty());
        }
        if (!heads.isInt() || heads.intValue() < 1) {
            throw new VitrailException(
                    where + ": the number of attention heads must be a positive integer, got " + heads);
        }
        return OptionalInt.of(heads.intValue());
    }

    private static OptionalDouble epsilon(JsonNode config, Optional<TimmArchitecture> timm, String where) {
        JsonNode epsilon = config.path("layer_norm_eps");
        if (epsilon.isMissingNode()) {
            return timm.stream().mapToDouble(TimmArchitecture::epsilon).findFirst();
        }
        if (!epsilon.isNumber()) {
            throw new VitrailException(where + ": layer_norm_eps must be a number, got " + epsilon);
        }
        return OptionalDouble.of(epsilon.doubleValue());
    }

    private static Optional<ActivationFunction> activation(
            JsonNode config, Optional<String> architecture, Optional<TimmArchitecture> timm, String where) {
        JsonNode name = first(config.at("/model_args/act_layer"), config.path("hidden_act"));
        if (!name.isMissingNode()) {
            return Optional.of(ActivationFunction.named(name.asText())
                    .orElseThrow(() -> new VitrailException(
                            where + ": the activation " + name + " is not supported: use GELU, quick GELU or ReLU")));
        }
        if (architecture.filter(a -> a.contains("quickgelu")).isPresent()) {
            return Optional.of(ActivationFunction.QUICK_GELU);
        }
        return timm.map(TimmArchitecture::activation);
    }

    private static Pooling pooling(JsonNode config) {
        return switch (first(config.at("/model_args/global_pool"), config.path("global_pool"))
                .asText()) {
            case "avg" -> Pooling.AVERAGE;
            case "map" -> Pooling.ATTENTION;
            default -> Pooling.CLASS_TOKEN;
        };
    }

    /** Reads the size of a square picture: a number, or a pair of equal ones. */
    private static OptionalInt side(JsonNode size) {
        JsonNode side = size.isArray() ? size.path(0) : size;
        return side.isInt() && side.intValue() > 0 ? OptionalInt.of(side.intValue()) : OptionalInt.empty();
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

    private static Optional<String> text(JsonNode node) {
        return node.isTextual() ? Optional.of(node.asText()) : Optional.empty();
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
