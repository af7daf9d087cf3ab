package org.vitrail.search;

import java.util.List;

/** The aggregation of a similarity over images. */
public enum SimilarityAggregation {
    /** The mean over the images of each image's similarity, as in the paper. */
    PER_IMAGE {
        @Override
        public double score(Similarity similarity, List<Moments> images) {
            return images.stream().mapToDouble(similarity::score).average().orElse(0);
        }
    },
    /** The similarity of all images' outputs taken together. */
    POOLED {
        @Override
        public double score(Similarity similarity, List<Moments> images) {
            return similarity.score(images.stream().reduce(Moments.NONE, Moments::plus));
        }
    };

    /** Returns the score over all images, from the moments of each. */
    public abstract double score(Similarity similarity, List<Moments> images);
}
