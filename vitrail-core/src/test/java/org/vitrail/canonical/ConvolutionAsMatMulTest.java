package org.vitrail.canonical;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.testing.Fixture;
import org.vitrail.testing.Graphs;
import org.vitrail.testing.SameOutputs;
import org.vitrail.testing.TestEngines;

class ConvolutionAsMatMulTest {
    private static final int CHANNELS = 3;

    /** Returns a convolution over images of any size, or of 11 by 9. */
    private static Graph graph(Map<String, Attribute> attributes, boolean anySize, int... kernel) {
        Map<String, Weight> weights = new LinkedHashMap<>();
        weights.put(
                "kernel", Weight.ofFloats(kernel, SameOutputs.gaussian(kernel).values()));
        weights.put(
                "bias",
                Weight.ofFloats(
                        new int[] {kernel[0]}, SameOutputs.gaussian(kernel[0]).values()));
        ValueInfo input = ValueInfo.of(
                "x",
                DataType.FLOAT,
                List.of(
                        new Dim.Symbol("batch"),
                        Dim.of(CHANNELS),
                        anySize ? new Dim.Symbol("height") : Dim.of(11),
                        anySize ? new Dim.Symbol("width") : Dim.of(9)));
        return Graphs.of(17, input, weights, Node.of("Conv", List.of("x", "kernel", "bias"), List.of("y"), attributes));
    }

    private static Attribute two(long height, long width) {
        return Attribute.ints(height, width);
    }

    static Stream<Map<String, Attribute>> windows() {
        return Stream.of(
                Map.of(),
                Map.of("strides", two(2, 1)),
                Map.of("strides", two(2, 3), "pads", Attribute.ints(1L, 2L, 0L, 3L)),
                Map.of("dilations", two(2, 3), "pads", Attribute.ints(2L, 2L, 2L, 2L)),
                Map.of("dilations", two(1, 2), "strides", two(3, 2), "pads", Attribute.ints(0L, 1L, 2L, 0L)),
                Map.of("auto_pad", Attribute.of("VALID"), "strides", two(2, 2)),
                Map.of("auto_pad", Attribute.of("SAME_UPPER")),
                Map.of("auto_pad", Attribute.of("SAME_LOWER")));
    }

    static Stream<Arguments> cases() {
        return windows()
                .flatMap(window -> Stream.of(new int[] {3, 3}, new int[] {1, 1}, new int[] {2, 3}, new int[] {1, 4})
                        .map(kernel -> Arguments.of(window, kernel[0], kernel[1])));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesTheSameOutputsForPicturesOfAnySize(Map<String, Attribute> window, int height, int width) {
        Graph graph = graph(window, true, 5, CHANNELS, height, width);
        Graph rewritten = ConvolutionAsMatMul.rewrite(graph);

        assertThat(rewritten.nodes()).noneMatch(node -> node.is("Conv"));
        SameOutputs.check(graph, rewritten, SameOutputs.gaussian(2, CHANNELS, 11, 9));
        SameOutputs.check(graph, rewritten, SameOutputs.gaussian(1, CHANNELS, 8, 12));
    }

    @ParameterizedTest
    @CsvSource({"SAME_UPPER, 2, 3", "SAME_LOWER, 2, 3", "SAME_UPPER, 4, 2"})
    void worksOutAutomaticPaddingWhereTheSizeIsKnown(String padding, long strideHeight, long strideWidth) {
        Map<String, Attribute> attributes =
                Map.of("auto_pad", Attribute.of(padding), "strides", two(strideHeight, strideWidth));
        Graph graph = graph(attributes, false, 4, CHANNELS, 3, 4);
        Graph rewritten = ConvolutionAsMatMul.rewrite(graph);

        assertThat(rewritten.nodes()).noneMatch(node -> node.is("Conv"));
        SameOutputs.check(graph, rewritten, SameOutputs.gaussian(2, CHANNELS, 11, 9));
        Graph unknown = graph(attributes, true, 4, CHANNELS, 3, 4);
        assertThat(ConvolutionAsMatMul.rewrite(unknown)).isEqualTo(unknown);
    }

    @Test
    void leavesGroupsAsTheyAre() {
        Graph depthwise = graph(Map.of("group", Attribute.of(3L)), true, 6, 1, 3, 3);

        assertThat(ConvolutionAsMatMul.rewrite(depthwise)).isEqualTo(depthwise);
    }

    static Stream<Map<String, Attribute>> impossible() {
        return Stream.of(
                Map.of("strides", Attribute.ints(2L)),
                Map.of("strides", two(0, 1), "auto_pad", Attribute.of("SAME_UPPER")),
                Map.of("dilations", two(1, -1)),
                Map.of("dilations", Attribute.ints(1L, 1L, 1L)),
                Map.of("pads", Attribute.ints(1L, 1L)));
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void leavesConvolutionsThatCannotBeForTheEngineToRefuse(Map<String, Attribute> window) {
        Graph graph = graph(window, false, 5, CHANNELS, 3, 3);

        assertThat(ConvolutionAsMatMul.rewrite(graph)).isEqualTo(graph);
    }

    static Stream<Fixture> convolutional() {
        return Stream.concat(
                Fixture.compact().stream(),
                Fixture.small().stream().filter(fixture -> fixture.name().startsWith("hf-detr")));
    }

    @ParameterizedTest
    @MethodSource("convolutional")
    @Tag("shared")
    void leavesTheOutputsOfRealModels(Fixture fixture) {
        Graph graph = ConstantFolding.fold(OnnxFile.read(fixture.model()), new EngineEvaluator(TestEngines.PROVIDER));
        Graph folded = BatchNormFolding.rewrite(graph);
        Graph rewritten = ConvolutionAsMatMul.rewrite(folded);

        assertThat(folded.nodes()).hasSizeLessThanOrEqualTo(graph.nodes().size());
        assertThat(rewritten.nodes()).noneMatch(node -> node.is("Conv"));
        SameOutputs.check(graph, rewritten, fixture.input());
    }
}
