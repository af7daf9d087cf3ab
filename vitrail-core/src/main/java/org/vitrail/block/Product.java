package org.vitrail.block;

import org.vitrail.graph.Node;

/** A MatMul or Gemm of two computed operands, or of one and a constant that is not a matrix. */
public record Product(Node node, Role role) {
    /** The role of a product of two values. */
    public enum Role {
        SCORES("attention scores"),
        WEIGHTED_SUM("attention output"),
        OTHER("product of two values");

        private final String label;

        Role(String label) {
            this.label = label;
        }

        /** Returns the name of the role in messages and tables. */
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

    /** Returns the name of operand 0 (left) or 1 (right). */
    public String operand(int side) {
        return node.input(side);
    }

    public String output() {
        return node.output();
    }
}
