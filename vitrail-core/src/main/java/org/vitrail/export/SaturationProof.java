package org.vitrail.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphIndex;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;
import org.vitrail.quantizer.SaturationRule;

/**
 * Proves, from the weights in a model, that 8-bit products give the same result on every CPU: in no product of uint8
 * activations with int8 weights a sum of two products can leave 16 bits ({@link SaturationRule}). It reads the codes in
 * the file, so the proof holds for any input on any machine, whichever tool wrote the file.
 *
 * @param products every quantized product, in graph order
 */
public record SaturationProof(List<Product> products) {
    /** Integer operators of other exporters and of ONNX Runtime's optimizer, whose weights are not checked here. */
    private static final Set<String> INTEGER_OPERATORS = Set.of(
            "MatMulInteger",
            "QLinearMatMul",
            "ConvInteger",
            "QLinearConv",
            "QGemm",
            "MatMulIntegerToFloat",
            "DynamicQuantizeMatMul",
            "DynamicQuantizeLSTM",
            "QAttention");

    /**
     * One quantized product.
     *
     * @param name the node's label
     * @param pairs pairs of neighbouring weights that were read; 0 for products of two activations
     * @param violations pairs that could saturate
     * @param largest the largest absolute sum of the weights of one sign in a pair; at most
     * {@link SaturationRule#MAX_PAIR_SUM} is allowed
     */
    public record Product(String name, Kind kind, long pairs, long violations, int largest) {
        public boolean isSafe() {
            return violations == 0;
        }
    }

    /** The kind of a product, by the types of its operands, which decides what can be proved. */
    public enum Kind {
        /** uint8 × constant int8: safe where every pair satisfies the rule. */
        UINT8_BY_CONSTANT("uint8 × int8 weights"),
        /** uint8 × uint8: ONNX Runtime widens the operands before it multiplies. */
        UINT8_BY_UINT8("uint8 × uint8"),
        /** An int8 operand that is computed: any pair of codes may occur. */
        UINT8_BY_COMPUTED("uint8 × computed int8"),
        /** int8 × int8: ONNX Runtime shifts the left operand to uint8. */
        INT8_BY_CONSTANT("int8 × int8 weights"),
        /** An operator other than MatMul and Gemm: nothing is proved. */
        UNREAD("not read: other operators"),
        /** A type wider than 8 bits on either side: computed in float. */
        WIDER("wider than 8 bits");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    public SaturationProof {
        products = List.copyOf(products);
    }

    public static SaturationProof of(Graph graph) {
        GraphIndex index = new GraphIndex(graph);
        List<Product> products = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (INTEGER_OPERATORS.contains(node.op())) {
                products.add(unproved(node, Kind.UNREAD));
            } else if (node.is("MatMul") || node.is("Gemm") || node.is("Conv")) {
                Optional<Operand> left = operand(index, node.input(0));
                Optional<Operand> right = operand(index, node.input(1));
                if (left.isPresent() && right.isPresent()) {
                    products.add(product(node, left.get(), right.get()));
                }
            }
        }
        return new SaturationProof(products);
    }

    public boolean holds() {
        return products.stream().allMatch(Product::isSafe);
    }

    /** An operand that enters a product through DequantizeLinear: its type, and its codes where they are constant. */
    private record Operand(DataType type, Optional<Weight> codes) {}

    private static Optional<Operand> operand(GraphIndex index, String value) {
        return index.producer(value).filter(node -> node.is("DequantizeLinear")).map(node -> {
            Optional<Weight> codes = index.constant(node.input(0));
            Optional<Weight> cast = index.producer(node.input(0))
                    .filter(producer -> producer.is("Cast"))
                    .flatMap(producer -> index.constant(producer.input(0)));
            DataType type = codes.map(Weight::type)
                    .or(() -> cast.map(narrow -> DataType.INT8))
                    .or(() -> index.constant(node.input(2)).map(Weight::type))
                    .orElse(DataType.UINT8);
            return new Operand(type, codes.or(() -> cast));
        });
    }

    private static Product product(Node node, Operand left, Operand right) {
        boolean eightBits = left.type().bits() <= 8 && right.type().bits() <= 8;
        boolean signedWeights = right.type() == DataType.INT8 && right.codes().isPresent();
        if (!eightBits) {
            return new Product(node.label(), Kind.WIDER, 0, 0, 0);
        }
        if (node.is("Conv")) {
            return unproved(node, Kind.UNREAD);
        }
        if (signedWeights && right.codes().get().rank() == 2) {
            boolean transposed = node.is("Gemm") && node.intAttribute("transB", 0) != 0;
            return constant(
                    node,
                    left.type() == DataType.UINT8 ? Kind.UINT8_BY_CONSTANT : Kind.INT8_BY_CONSTANT,
                    right.codes().get(),
                    transposed);
        }
        return right.type() == DataType.UINT8
                ? new Product(node.label(), Kind.UINT8_BY_UINT8, 0, 0, 0)
                : unproved(node, Kind.UINT8_BY_COMPUTED);
    }

    /** Returns a product in which any pair of codes may occur. */
    private static Product unproved(Node node, Kind kind) {
        return new Product(node.label(), kind, 0, 1, 255);
    }

    private static Product constant(Node node, Kind kind, Weight weight, boolean transposed) {
        long[] codes = weight.toLongs();
        int rows = weight.extent(transposed ? 1 : 0);
        int columns = weight.extent(transposed ? 0 : 1);
        int rowStride = transposed ? 1 : columns;
        int columnStride = transposed ? rows : 1;
        long pairs = 0;
        long violations = 0;
        int largest = 0;
        for (int k = 0; k < rows; k += 2) {
            for (int n = 0; n < columns; n++) {
                int first = (int) codes[k * rowStride + n * columnStride];
                int second = k + 1 < rows ? (int) codes[(k + 1) * rowStride + n * columnStride] : 0;
                pairs++;
                violations += SaturationRule.holds(first, second) ? 0 : 1;
                int positive = Math.max(first, 0) + Math.max(second, 0);
                int negative = Math.max(-first, 0) + Math.max(-second, 0);
                largest = Math.max(largest, Math.max(positive, negative));
            }
        }
        return new Product(node.label(), kind, pairs, violations, largest);
    }
}
