package org.vitrail.block;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.vitrail.graph.Node;

/**
 * An attention: softmax(Q·Kᵀ·scale + masks)·V with the linear layers around it. Layers are given by their {@link
 * LinearLayer#output()}; an operand that is gated or combined from several layers has several.
 *
 * @param scores the product Q·Kᵀ; empty where a linear layer gives the scores directly (a constant query)
 * @param querySide which operand of {@code scores} holds the queries: 0 or 1
 * @param scales the places where a constant scales the scores
 * @param masks values added to or chosen instead of scores before softmax: masks and position biases
 * @param output the product P·V
 * @param probabilitySide which operand of {@code output} holds the probabilities: 0 or 1
 * @param mixers linear layers across heads between the products
 * @param heads empty where shapes do not tell
 * @param headSize length of a query vector; empty where shapes do not tell
 */
public record Attention(
        Optional<Product> scores,
        int querySide,
        Set<Scale> scales,
        List<String> masks,
        Node softmax,
        Product output,
        int probabilitySide,
        List<String> query,
        List<String> key,
        List<String> value,
        List<String> mixers,
        Optional<String> projection,
        OptionalInt heads,
        OptionalInt headSize) {

    /** The place of a constant scale. */
    public enum Scale {
        ON_QUERY,
        ON_KEY,
        ON_SCORES
    }

    public Attention {
        scales = Set.copyOf(scales);
        masks = List.copyOf(masks);
        query = List.copyOf(query);
        key = List.copyOf(key);
        value = List.copyOf(value);
        mixers = List.copyOf(mixers);
    }

    /** Returns the name of the scaled and masked scores, which enter softmax. */
    public String softmaxInput() {
        return softmax.input(0);
    }

    /** Returns the name of the probabilities that enter the product with the values, after guards and head mixing. */
    public String probabilities() {
        return output.operand(probabilitySide);
    }

    /** Returns the name of the values V that enter the product with the probabilities. */
    public String values() {
        return output.operand(1 - probabilitySide);
    }
}
