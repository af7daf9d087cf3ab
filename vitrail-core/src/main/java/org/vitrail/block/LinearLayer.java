package org.vitrail.block;

import java.util.Optional;
import java.util.OptionalInt;
import org.vitrail.graph.Node;

/**
 * A product of data with a constant matrix: MatMul, Gemm or Conv.
 *
 * @param node the product itself; its first output identifies the layer
 * @param dataInput which input of the node is the data: 0, or 1 for a MatMul whose first operand is the matrix
 * @param weight name of the constant matrix in the graph
 * @param outputAxis axis of the stored matrix that runs over output channels; all others are summed over
 * @param inFeatures terms in the sum behind one output, for a Conv channels of a group times kernel area
 * @param bias name of the constant of one number an output channel that is added
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

    /** What a linear layer is for. */
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

        /** The role in words. */
        public String label() {
            return label;
        }
    }

    /** Name of the value that is multiplied. */
    public String input() {
        return node.input(dataInput);
    }

    /** Name of the product before any bias that stands in a node of its own. */
    public String output() {
        return node.output();
    }

    public boolean isConvolution() {
        return node.is("Conv");
    }

    LinearLayer with(Role newRole, OptionalInt newBlock) {
        return new LinearLayer(
                node, dataInput, weight, outputAxis, inFeatures, outFeatures, bias, result, newRole, newBlock);
    }
}
