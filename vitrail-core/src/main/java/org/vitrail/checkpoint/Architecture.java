package org.vitrail.checkpoint;

import java.util.List;
import java.util.Map;

/** The architecture of a model that can be built from parameters. */
public interface Architecture {
    /** Pixels per side of the pictures. */
    int imageSize();

    /** Pixels per side of a patch. */
    int patchSize();

    /** Number of classes, the extent of the logits; without a head the extent of the output. */
    int classes();

    /** Returns whether the output holds the logits of classes; else it is a vector that describes the picture. */
    boolean classifies();

    /** The blocks for users, as in "12 blocks, width 192, 3 heads, MLP 768". */
    String describeBlocks();

    /** Describes the attention for users, as in "197 tokens". */
    String describeTokens();

    /** All parameters by their names in timm, with their shapes there (linear layers [out, in]), in order of use. */
    Map<String, List<Integer>> parameters();

    /** The total number of parameters. */
    default long parameterCount() {
        return parameters().values().stream()
                .mapToLong(shape -> shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact))
                .sum();
    }
}
