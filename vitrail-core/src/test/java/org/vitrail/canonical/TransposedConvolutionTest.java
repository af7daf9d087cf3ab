package org.vitrail.canonical;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;
import org.vitrail.testing.Graphs;
import org.vitrail.testing.SameOutputs;

class TransposedConvolutionTest {
    private static final int INPUTS = 3;
    private static final int OUTPUTS = 5;

    private static Graph graph(int height, int width, Map<String, Attribute> attributes) {
        int[] kernel = {INPUTS, OUTPUTS, height, width};
        ValueInfo input = ValueInfo.of(
                "x",
                DataType.FLOAT,
                List.of(new Dim.Symbol("batch"), Dim.of(INPUTS), new Dim.Symbol("height"), new Dim.Symbol("width")));
        return Graphs.of(
                17,
                input,
                Map.of(
                        "kernel",
                        Weight.ofFloats(kernel, SameOutputs.gaussian(kernel).values()),
                        "bias",
                        Weight.ofFloats(
                                new int[] {OUTPUTS},
                                SameOutputs.gaussian(OUTPUTS).values())),
                Node.of("ConvTranspose", List.of("x", "kernel", "bias"), List.of("y"), attributes));
    }

    private static Attribute ints(Long... values) {
        return Attribute.ints(values);
    }

    static Stream<Arguments> windows() {
        return Stream.of(
                Arguments.of(4, 4, Map.of("strides", ints(2L, 2L), "pads", ints(1L, 1L, 1L, 1L))),
                Arguments.of(2, 2, Map.of("strides", ints(2L, 2L))),
                Arguments.of(4, 4, Map.of("strides", ints(4L, 4L))),
                Arguments.of(
                        3,
                        3,
                        Map.of("strides", ints(2L, 2L), "pads", ints(1L, 1L, 1L, 1L), "output_padding", ints(1L, 1L))),
                Arguments.of(3, 2, Map.of("strides", ints(2L, 2L), "pads", ints(0L, 1L, 1L, 0L))),
                Arguments.of(5, 3, Map.of("strides", ints(3L, 3L))),
                Arguments.of(3, 3, Map.of()),
                Arguments.of(1, 1, Map.of()));
    }

    @ParameterizedTest
    @MethodSource("windows")
    void givesTheSameOutputsAsAProduct(int height, int width, Map<String, Attribute> attributes) {
        Graph graph = graph(height, width, attributes);
        Graph rewritten = TransposedConvolution.rewrite(graph);
        Graph product = ConvolutionAsMatMul.rewrite(rewritten);

        assertThat(rewritten.nodes()).noneMatch(node -> node.is("ConvTranspose"));
        assertThat(product.nodes()).noneMatch(node -> node.is("Conv")).anyMatch(node -> node.is("MatMul"));
        SameOutputs.check(graph, rewritten, SameOutputs.gaussian(2, INPUTS, 7, 9));
        SameOutputs.check(graph, product, SameOutputs.gaussian(2, INPUTS, 7, 9));
    }

    @Test
    void leavesWhatIsNotOfThatForm() {
        for (Map<String, Attribute> attributes : List.of(
                Map.of("strides", ints(1L, 2L)),
                Map.of("dilations", ints(2L, 2L)),
                Map.of("strides", ints(2L, 2L), "output_shape", ints(20L, 20L)),
                Map.of("auto_pad", Attribute.of("SAME_UPPER")))) {
            Graph graph = graph(3, 3, attributes);
            assertThat(TransposedConvolution.rewrite(graph).nodes()).isEqualTo(graph.nodes());
        }
    }
}
