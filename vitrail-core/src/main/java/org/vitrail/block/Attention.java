package org.vitrail.block;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.vitrail.graph.Node;

/**
 * Softmax between two products: softmax(Q·Kᵀ·scale + masks)·V, and the linear layers around it. Layers are given by
 * their {@link LinearLayer#output()}; several stand behind one operand where it is gated or otherwise put together.
 *
 * @param scores the product Q·Kᵀ; empty where the scores come straight from a linear layer (a constant query)
 * @param querySide which operand of {@code scores} holds the queries: 0 or 1
 * @param scales where the scores are multiplied by a constant
 * @param masks values added to or chosen instead of scores before softmax: masks and position biases
 * @param output the product P·V
 * @param probabilitySide which operand of {@code output} holds the probabilities: 0 or 1
 * @param mixers linear layers across heads between the products
 * @param heads empty where shapes do not tell
 * @param headSize length of a query; empty where shapes do not tell
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

    /** Where a scale lies. */
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

    /** The scores as they enter softmax, scaled and masked. */
    public String softmaxInput() {
        return softmax.input(0);
    }

    /** The probabilities as they enter the product with the values, after guards and mixing. */
    public String probabilities() {
        return output.operand(probabilitySide);
    }

    /** The values V as they enter the product with the probabilities. */
    public String values() {
        return output.operand(1 - probabilitySide);
    }
}
