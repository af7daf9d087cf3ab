package org.vitrail.search;

import java.util.List;

/**
 * The objective of a search: a similarity of quantized and float values, which is maximised.
 *
 * @param scope the values that are compared
 * @param similarity the measure
 * @param aggregation whether images are judged one by one or together
 */
public record Objective(Scope scope, Similarity similarity, SimilarityAggregation aggregation) {
    /** The values that are compared. */
    public enum Scope {
        /** None: the initial interval stays. */
        NONE,
        /** Those of the tensor itself: X against X̂, W against Ŵ. */
        TENSOR,
        /** Those of the layer's output: X·W against X̂·Ŵ. */
        OUTPUT
    }

    /** The score over all images, from the moments of each. */
    double score(List<Moments> images) {
        return aggregation.score(similarity, images);
    }
}
