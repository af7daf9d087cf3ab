package org.vitrail.checkpoint;

import java.util.List;
import java.util.Map;

/** The architecture of a model that can be built from parameters. */
public sealed interface Architecture permits VisionTransformerConfig, SwinConfig {
    /** How the image is divided into patches. */
    VisionTransformerConfig.Patches patches();

    /** Number of classes, the extent of the logits; without a head the extent of the output. */
    int classes();

    /** Whether the output holds the logits of classes; else it is a vector that describes the picture. */
    boolean classifies();

    /** All parameters by their names in timm, with their shapes there (linear layers [out, in]), in order of use. */
    Map<String, List<Integer>> parameters();

    /** The total number of parameters. */
    default long parameterCount() {
        return parameters().values().stream()
                .mapToLong(shape -> shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact))
                .sum();
    }
}
