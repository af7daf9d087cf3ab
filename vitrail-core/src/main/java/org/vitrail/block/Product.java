package org.vitrail.block;

import org.vitrail.graph.Node;

/** A MatMul or Gemm whose operands are both computed, or one of which is a constant that is no matrix. */
public record Product(Node node, Role role) {
    /** What a product of two values is for. */
    public enum Role {
        SCORES("attention scores"),
        WEIGHTED_SUM("attention output"),
        OTHER("product of two values");

        private final String label;

        Role(String label) {
            this.label = label;
        }

        /** The role in words. */
        public String label() {
            return label;
        }
    }

    public String left() {
        return node.input(0);
    }

    public String right() {
        return node.input(1);
    }

    /** Operand 0 (left) or 1 (right). */
    public String operand(int side) {
        return node.input(side);
    }

    public String output() {
        return node.output();
    }
}
