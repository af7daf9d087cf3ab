package org.vitrail.capture;

import java.util.Map;
import java.util.TreeMap;

/**
 * The weight of an error of each token of a value, by its effect on the model's output relative to an ordinary token.
 * Rows of a value are its tokens in order, image by image.
 *
 * @param tokens rows of one example; values with another number of rows have even weights
 * @param special positions whose weight differs from an ordinary token's, with their weights
 */
public record TokenWeights(int tokens, Map<Integer, Float> special) {
    /** Weight 1 for all tokens. */
    public static final TokenWeights EVEN = new TokenWeights(0, Map.of());

    public TokenWeights {
        special = Map.copyOf(new TreeMap<>(special));
    }

    /** Returns the weight of a row of an example that has {@code rows} rows. */
    public float of(int row, int rows) {
        return rows == tokens ? special.getOrDefault(row, 1f) : 1f;
    }
}
