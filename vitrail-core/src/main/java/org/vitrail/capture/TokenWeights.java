package org.vitrail.capture;

import java.util.Map;
import java.util.TreeMap;

/**
 * How much an error of each token of a value matters to the model's output, relative to an ordinary token. Rows of a
 * value are its tokens in their order, image by image.
 *
 * @param tokens rows of one example; values with another number of rows have even weights
 * @param special positions that differ from an ordinary token, and by how much
 */
public record TokenWeights(int tokens, Map<Integer, Float> special) {
    /** All tokens alike. */
    public static final TokenWeights EVEN = new TokenWeights(0, Map.of());

    public TokenWeights {
        special = Map.copyOf(new TreeMap<>(special));
    }

    /** The weight of a row of an example that has {@code rows} rows. */
    public float of(int row, int rows) {
        return rows == tokens ? special.getOrDefault(row, 1f) : 1f;
    }
}
