package org.vitrail.block;

import java.util.Optional;
import java.util.OptionalInt;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphIndex;
import org.vitrail.graph.Node;

/**
 * A linear layer: the product of data with a constant matrix, as MatMul, Gemm or Conv.
 *
 * @param node the product itself; its first output identifies the layer
 * @param dataInput which input of the node is the data: 0, or 1 for a MatMul whose first operand is the matrix
 * @param weight name of the constant matrix in the graph
 * @param outputAxis axis of the stored matrix that runs over output channels; all others are summed over
 * @param inFeatures terms in the sum of one output; for a Conv, channels of a group times kernel area
 * @param bias name of the constant that is added, one number per output channel
 * @param result the value after the bias, or the node's output where there is none or the node adds it
 * @param block index of the block it belongs to; empty outside of blocks
 */
public record LinearLayer(
        Node node,
        int dataInput,
        String weight,
        int outputAxis,
        int inFeatures,
        int outFeatures,
        Optional<String> bias,
        String result,
        Role role,
        OptionalInt block) {

    /** The role of a linear layer in the transformer. */
    public enum Role {
        BACKBONE("backbone"),
        PATCH_EMBEDDING("patch embedding"),
        QUERY("query"),
        KEY("key"),
        VALUE("value"),
        QUERY_KEY("query, key"),
        KEY_VALUE("key, value"),
        QUERY_KEY_VALUE("query, key, value"),
        HEAD_MIXING("mixing of heads"),
        PROJECTION("attention projection"),
        MLP_EXPAND("MLP expand"),
        MLP_GATE("MLP gate"),
        MLP_CONTRACT("MLP contract"),
        MERGE("merging of tokens"),
        POOLING_SCORE("pooling score"),
        HEAD("head"),
        OTHER("linear");

        private final String label;

        Role(String label) {
            this.label = label;
        }

        /** Returns the name of the role in messages and tables. */
        public String label() {
            return label;
        }

        /**
         * Returns whether the role is that of the first or the last layer of a model, which keep more bits than the
         * blocks.
         */
        public boolean isEdge() {
            return switch (this) {
                case PATCH_EMBEDDING, HEAD -> true;
                case BACKBONE,
                        QUERY,
                        KEY,
                        VALUE,
                        QUERY_KEY,
                        KEY_VALUE,
                        QUERY_KEY_VALUE,
                        HEAD_MIXING,
                        PROJECTION,
                        MLP_EXPAND,
                        MLP_GATE,
                        MLP_CONTRACT,
                        MERGE,
                        POOLING_SCORE,
                        OTHER -> false;
            };
        }
    }

    /** Returns the name of the value that is multiplied. */
    public String input() {
        return node.input(dataInput);
    }

    /** Returns the name of the product before any bias that is added by a separate node. */
    public String output() {
        return node.output();
    }

    public boolean isConvolution() {
        return node.is("Conv");
    }

    /** Returns whether it is y = x·W with the data x on the left, the form that integer products can replace. */
    public boolean isRowProduct() {
        boolean plain = node.is("MatMul")
                || (node.is("Gemm")
                        && node.intAttribute("transA", 0) == 0
                        && node.floatAttribute("alpha", 1) == 1
                        && node.floatAttribute("beta", 1) == 1);
        return plain && dataInput == 0;
    }

    /**
     * Returns the matrix W of y = x·W, [inFeatures × outFeatures], row-major, a new array.
     *
     * @throws IllegalStateException where the layer is not a {@link #isRowProduct()}
     */
    public float[] matrix(Graph graph) {
        if (!isRowProduct()) {
            throw new IllegalStateException(node.label() + " is not a product of rows with a matrix");
        }
        float[] stored = new GraphIndex(graph).constant(weight).orElseThrow().toFloats();
        if (outputAxis == 1) {
            return stored;
        }
        float[] matrix = new float[stored.length];
        for (int n = 0; n < outFeatures; n++) {
            for (int k = 0; k < inFeatures; k++) {
                matrix[k * outFeatures + n] = stored[n * inFeatures + k];
            }
        }
        return matrix;
    }

    LinearLayer with(Role newRole, OptionalInt newBlock) {
        return new LinearLayer(
                node, dataInput, weight, outputAxis, inFeatures, outFeatures, bias, result, newRole, newBlock);
    }
}
