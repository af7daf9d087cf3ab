package org.vitrail.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.export.SaturationProof.Kind;
import org.vitrail.export.SaturationProof.Product;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;
import org.vitrail.plan.Plan;
import org.vitrail.testing.Graphs;

class SaturationProofTest {
    private static final byte[] ZERO = {0};

    /** y = x̂·Ŵ with these codes of Ŵ, in the form of another exporter. */
    private static Graph graph(DataType activations, Node product, int rows, int columns, byte... codes) {
        return Graphs.of(
                17,
                Map.of(
                        "scale", Weight.scalar(0.1f),
                        "zero", Weight.ofBytes(activations, new int[0], ZERO),
                        "weight_zero", Weight.ofBytes(DataType.INT8, new int[0], ZERO),
                        "codes", Weight.ofBytes(DataType.INT8, new int[] {rows, columns}, codes)),
                Node.of("QuantizeLinear", List.of("x", "scale", "zero"), "q"),
                Node.of("DequantizeLinear", List.of("q", "scale", "zero"), "xq"),
                Node.of("DequantizeLinear", List.of("codes", "scale", "weight_zero"), "wq"),
                product);
    }

    private static Node matMul() {
        return Node.of("MatMul", List.of("xq", "wq"), "y");
    }

    private static Node gemmTransposed() {
        return Node.of("Gemm", List.of("xq", "wq"), List.of("y"), Map.of("transB", Attribute.of(1)));
    }

    private static Product only(Graph graph) {
        return SaturationProof.of(graph).products().getFirst();
    }

    @ParameterizedTest
    @CsvSource({"3", "4", "5", "6", "7", "8"})
    void holdsForWhatWeExport(int bits) {
        for (SingleLayerGraph.Form form : SingleLayerGraph.Form.values()) {
            SingleLayerGraph layer = SingleLayerGraph.of(form);
            Plan plan = layer.plan(bits, 8, true, false, true);
            SaturationProof proof =
                    SaturationProof.of(Deployment.ofPart(layer.graph(), layer.layers(), plan, Target.PORTABLE));
            assertThat(proof.holds()).isTrue();
            assertThat(proof.products()).hasSameSizeAs(layer.layers()).allSatisfy(product -> {
                assertThat(product.kind()).isEqualTo(Kind.UINT8_BY_CONSTANT);
                assertThat(product.pairs()).isEqualTo((SingleLayerGraph.INPUTS + 1) / 2 * SingleLayerGraph.OUTPUTS);
                assertThat(product.largest()).isBetween(1, 128);
            });
        }
    }

    @Test
    void findsAndCountsPairsThatCouldSaturate() {
        // Columns: 100 + 28 fits, 100 + 29 does not, −64 − 65 does not, 127 − 127 has two signs.
        Graph graph = graph(DataType.UINT8, matMul(), 2, 4, bytes(100, 100, -64, 127, 28, 29, -65, -127));
        assertThat(SaturationProof.of(graph).holds()).isFalse();
        assertThat(only(graph)).isEqualTo(new Product("y", Kind.UINT8_BY_CONSTANT, 4, 2, 129));
    }

    @Test
    void pairsAreRowsTwoByTwoAndTheLastOfAnOddNumberStandsAlone() {
        // Rows 1 and 2 are neighbours, but not a pair.
        assertThat(only(graph(DataType.UINT8, matMul(), 3, 1, bytes(1, 127, 127))))
                .isEqualTo(new Product("y", Kind.UINT8_BY_CONSTANT, 2, 0, 128));
        assertThat(only(graph(DataType.UINT8, matMul(), 1, 1, bytes(-128))).isSafe())
                .isTrue();
    }

    @Test
    void aGemmThatTransposesItsWeightPairsAlongTheOtherAxis() {
        assertThat(only(graph(DataType.UINT8, gemmTransposed(), 2, 3, bytes(100, 29, 1, 100, 28, 1))))
                .isEqualTo(new Product("y", Kind.UINT8_BY_CONSTANT, 4, 1, 129));
        assertThat(only(graph(DataType.UINT8, gemmTransposed(), 2, 1, bytes(127, 127)))
                        .isSafe())
                .isTrue();
        assertThat(only(graph(DataType.UINT8, matMul(), 2, 1, bytes(127, 127))).isSafe())
                .isFalse();
    }

    @Test
    void signedActivationsAreJudgedLikeUnsignedOnesSinceTheRuntimeShiftsThem() {
        assertThat(only(graph(DataType.INT8, matMul(), 2, 1, bytes(100, 29))))
                .isEqualTo(new Product("y", Kind.INT8_BY_CONSTANT, 1, 1, 129));
    }

    @ParameterizedTest
    @ValueSource(strings = {"MatMulInteger", "QLinearMatMul", "QLinearConv", "ConvInteger", "Conv", "QAttention"})
    void provesNothingOfOperatorsWhoseWeightsItDoesNotRead(String op) {
        Graph graph = graph(DataType.UINT8, Node.of(op, List.of("xq", "wq"), "y"), 2, 1, bytes(1, 1));
        assertThat(only(graph).kind()).isEqualTo(Kind.UNREAD);
        assertThat(SaturationProof.of(graph).holds()).isFalse();
    }

    @Test
    void floatProductsAreNotListed() {
        SingleLayerGraph layer = SingleLayerGraph.of(SingleLayerGraph.Form.THREE);
        assertThat(SaturationProof.of(layer.graph()).products()).isEmpty();
    }

    @Test
    void productsWiderThanEightBitsAreComputedInFloat() {
        SingleLayerGraph layer = SingleLayerGraph.of(SingleLayerGraph.Form.MATMUL);
        for (int[] bits : List.of(new int[] {8, 10}, new int[] {10, 8})) {
            Graph graph = Deployment.ofPart(
                    layer.graph(), layer.layers(), layer.plan(bits[0], bits[1], true, false, false), Target.PORTABLE);
            assertThat(only(graph).kind()).isEqualTo(Kind.WIDER);
        }
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
