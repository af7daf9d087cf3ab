package org.vitrail.canonical;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphEditor;
import org.vitrail.graph.Node;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.tensor.Tensor;
import org.vitrail.testing.Fixture;
import org.vitrail.testing.SameOutputs;
import org.vitrail.testing.TestEngines;

class PatchEmbeddingAsMatMulTest {
    private static final Attribute STRIDES = Attribute.ints(4L, 2L);

    static List<Fixture> models() {
        return Fixture.all();
    }

    @ParameterizedTest
    @MethodSource("models")
    @Tag("shared")
    void leavesTheOutputsOfRealModels(Fixture fixture) {
        Graph graph = ConstantFolding.fold(OnnxFile.read(fixture.model()), new EngineEvaluator(TestEngines.PROVIDER));
        Graph rewritten = PatchEmbeddingAsMatMul.rewrite(graph);

        long convolutions = count(graph, "Conv");
        boolean hasPatches =
                !fixture.name().startsWith("CCT") && !fixture.name().startsWith("hf-detr");
        assertThat(count(rewritten, "Conv")).isEqualTo(hasPatches ? convolutions - 1 : convolutions);
        // Two Transposes around the product are new; the one or two behind the convolution are removed.
        assertThat(count(rewritten, "Transpose")).isLessThanOrEqualTo(count(graph, "Transpose"));
        SameOutputs.check(graph, rewritten, fixture.input());
    }

    /** Each consumer alone, and all together: the channels-first form stays where another node reads it. */
    @ParameterizedTest
    @ValueSource(strings = {"relu", "tokens", "grid", "relu tokens grid"})
    void servesEveryReaderOfTheConvolution(String outputs) {
        Graph graph = graph(Map.of("strides", STRIDES), List.of(outputs.split(" ", -1)));
        Graph rewritten = PatchEmbeddingAsMatMul.rewrite(graph);

        assertThat(count(rewritten, "Conv")).isZero();
        SameOutputs.check(graph, rewritten, images());
    }

    @Test
    void dropsTheNodesThatMadeTokensOfChannels() {
        Graph rewritten = PatchEmbeddingAsMatMul.rewrite(graph(Map.of("strides", STRIDES), List.of("tokens")));

        assertThat(rewritten.nodes().stream().map(Node::op))
                .containsExactly("Reshape", "Transpose", "Reshape", "MatMul", "Add", "Relu");
        assertThat(rewritten.nodes().get(3).name()).isEqualTo("conv");
    }

    @Test
    void leavesConvolutionsThatOverlapOrPadOrSkip() {
        for (Map<String, Attribute> attributes : List.<Map<String, Attribute>>of(
                Map.of(),
                Map.of("strides", Attribute.ints(2L, 2L)),
                Map.of("strides", STRIDES, "pads", Attribute.ints(0L, 0L, 4L, 0L)),
                Map.of("strides", STRIDES, "dilations", Attribute.ints(2L, 2L)),
                Map.of("strides", STRIDES, "auto_pad", Attribute.of("SAME_UPPER")))) {
            Graph graph = graph(attributes, List.of("relu"));
            assertThat(PatchEmbeddingAsMatMul.rewrite(graph))
                    .as("%s", attributes)
                    .isEqualTo(graph);
        }
    }

    private static long count(Graph graph, String op) {
        return graph.nodes().stream().collect(groupingBy(Node::op, counting())).getOrDefault(op, 0L);
    }

    /**
     * A convolution by 4×2 over (batch, 3, 8, 6) to five channels, and the consumers of its output that models have.
     */
    private static Graph graph(Map<String, Attribute> attributes, List<String> outputs) {
        Map<String, Weight> weights = new LinkedHashMap<>();
        weights.put(
                "kernel",
                Weight.ofFloats(
                        new int[] {5, 3, 4, 2}, SameOutputs.gaussian(120).values()));
        weights.put(
                "bias", Weight.ofFloats(new int[] {5}, SameOutputs.gaussian(5).values()));
        weights.put("flat", Weight.ofLongs(new int[] {3}, 0, 5, -1));
        List<Node> nodes = List.of(
                new Node(
                        "conv",
                        "",
                        "Conv",
                        List.of("x", "kernel", "bias"),
                        List.of("y"),
                        attributes,
                        UninterpretedProto.NONE),
                Node.of("Relu", List.of("y"), "relu"),
                Node.of("Reshape", List.of("y", "flat"), "flattened"),
                Node.of("Transpose", List.of("flattened"), List.of("turned"), perm(0L, 2L, 1L)),
                Node.of("Relu", List.of("turned"), "tokens"),
                Node.of("Transpose", List.of("y"), List.of("last"), perm(0L, 2L, 3L, 1L)),
                Node.of("Relu", List.of("last"), "grid"));
        Graph graph = new Graph(
                "test",
                List.of(ValueInfo.of(
                        "x", DataType.FLOAT, List.of(new Dim.Symbol("batch"), Dim.of(3), Dim.of(8), Dim.of(6)))),
                outputs.stream()
                        .map(output -> new ValueInfo(
                                output, Optional.of(DataType.FLOAT), Optional.empty(), UninterpretedProto.NONE))
                        .toList(),
                nodes,
                weights,
                Map.of(),
                Map.of("", 17),
                Map.of(),
                UninterpretedProto.NONE);
        return new GraphEditor(graph).build();
    }

    private static Map<String, Attribute> perm(Long... order) {
        return Map.of("perm", Attribute.ints(order));
    }

    private static Tensor images() {
        return SameOutputs.gaussian(3, 3, 8, 6);
    }
}
