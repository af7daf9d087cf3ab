package org.vitrail.canonical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.block.LinearLayer;
import org.vitrail.block.Recognition;
import org.vitrail.engine.Engine;
import org.vitrail.engine.EngineOptions;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.ort.OrtFusion;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Fixture;
import org.vitrail.testing.Graphs;
import org.vitrail.testing.TestEngines;

class FusedOperatorDecompositionTest {
    private static final String RUNTIMES = "com.microsoft";
    private static final int TOKENS = 5;
    private static final int WIDTH = 8;

    static List<Fixture> fixtures() {
        return Stream.of(Fixture.small(), Fixture.compact())
                .flatMap(List::stream)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    @Tag("shared")
    void findsInAFusedModelWhatWasThereBefore(Fixture fixture, @TempDir Path folder) {
        Graph fused = OrtFusion.fused(fixture.model(), OptLevel.EXTENDED_OPT, folder);
        assertThat(fused.nodes()).anyMatch(node -> FusedOperator.of(node).isPresent());
        Graph apart = FusedOperatorDecomposition.takenApart(fused, "m.onnx");

        assertThat(apart.nodes()).allMatch(node -> node.domain().isEmpty());
        try (Engine engine = TestEngines.open(apart)) {
            Map<String, Tensor> outputs = engine.run(Map.of(engine.inputs().getFirst(), fixture.input()));
            for (int i = 0; i < fixture.outputs().size(); i++) {
                assertThat(outputs.get(engine.outputs().get(i)).values())
                        .containsExactly(fixture.outputs().get(i).values(), within(1e-4f));
            }
        }
        Recognition found = Recognition.of(ConstantFolding.fold(apart, new EngineEvaluator(TestEngines.PROVIDER)));
        Recognition before = Recognition.of(ConstantFolding.fold(
                FusedOperatorDecomposition.takenApart(OnnxFile.read(fixture.model()), "m.onnx"),
                new EngineEvaluator(TestEngines.PROVIDER)));
        assertThat(roles(found)).isEqualTo(roles(before));
        assertThat(found.attentions()).hasSameSizeAs(before.attentions());
        assertThat(found.unrecognised()).isEmpty();
    }

    private static Map<LinearLayer.Role, Integer> roles(Recognition found) {
        Map<LinearLayer.Role, Integer> roles = new TreeMap<>();
        found.layers().forEach(layer -> roles.merge(layer.role(), 1, Integer::sum));
        return roles;
    }

    static List<Node> operators() {
        Attribute heads = Attribute.of(2);
        return List.of(
                fused("Gelu", List.of("x"), Map.of()),
                fused("BiasGelu", List.of("x", "bias"), Map.of()),
                fused("FastGelu", List.of("x"), Map.of()),
                fused("FastGelu", List.of("x", "bias"), Map.of()),
                fused("QuickGelu", List.of("x"), Map.of("alpha", Attribute.of(1.702f))),
                fused("QuickGelu", List.of("x"), Map.of("alpha", Attribute.of(1f))),
                fused("SkipLayerNormalization", List.of("x", "skip", "scale", "bias"), Map.of()),
                fused(
                        "SkipLayerNormalization",
                        List.of("x", "skip", "scale", "bias", "other"),
                        Map.of("epsilon", Attribute.of(1e-3f))),
                fused("SkipSimplifiedLayerNormalization", List.of("x", "skip", "scale"), Map.of()),
                fused("FusedMatMul", List.of("x", "square"), Map.of("alpha", Attribute.of(0.125f))),
                fused("FusedMatMul", List.of("x", "square"), Map.of("transB", Attribute.of(1))),
                fused("FusedMatMul", List.of("x", "skip"), Map.of("transA", Attribute.of(1))),
                fused("FusedMatMul", List.of("x", "batches"), Map.of("transBatchA", Attribute.of(1))),
                fused(
                        "FusedMatMul",
                        List.of("x", "batches"),
                        Map.of("transBatchA", Attribute.of(1), "transB", Attribute.of(1))),
                fused(
                        "FusedMatMul",
                        List.of("x", "rows"),
                        Map.of("transBatchA", Attribute.of(1), "transA", Attribute.of(1))),
                fused("Attention", List.of("x", "packed", "packed_bias"), Map.of("num_heads", heads)),
                fused(
                        "Attention",
                        List.of("x", "packed", "packed_bias"),
                        Map.of(
                                "num_heads",
                                heads,
                                "scale",
                                Attribute.of(0.3f),
                                "qkv_hidden_sizes",
                                Attribute.ints(8L, 8L, 8L))),
                fused(
                        "Attention",
                        List.of("x", "packed", "packed_bias", "", "", "positions"),
                        Map.of("num_heads", heads)),
                fused("MultiHeadAttention", List.of("x", "skip", "other_tokens"), Map.of("num_heads", heads)),
                fused(
                        "MultiHeadAttention",
                        List.of("x", "skip", "x", "packed_bias", "", "positions"),
                        Map.of("num_heads", heads, "scale", Attribute.of(0.2f))));
    }

    private static Node fused(String op, List<String> inputs, Map<String, Attribute> attributes) {
        return new Node("", RUNTIMES, op, inputs, List.of("y"), attributes, UninterpretedProto.NONE);
    }

    @ParameterizedTest
    @MethodSource("operators")
    void spellsOutWhatTheRuntimeComputes(Node node) {
        Graph graph = graph(17, node);
        Graph apart = FusedOperatorDecomposition.takenApart(graph, "m.onnx");

        assertThat(apart.nodes()).allMatch(part -> part.domain().isEmpty());
        assertSame(run(apart), run(graph));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Relu", "LeakyRelu", "HardSigmoid", "Clip", "Tanh"})
    void spellsOutFusedConvolutionsAndGemms(String activation) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        attributes.put("activation", Attribute.of(activation));
        attributes.put("kernel_shape", Attribute.ints(1L));
        int parameters = Map.of("LeakyRelu", 1, "HardSigmoid", 2, "Clip", 2).getOrDefault(activation, 0);
        if (parameters > 0) {
            attributes.put(
                    "activation_params",
                    new Attribute.Floats(List.of(0.1f, 0.3f).subList(0, parameters)));
        }
        for (List<String> inputs : List.of(
                List.of("x", "kernel"), List.of("x", "kernel", "tokens"), List.of("x", "kernel", "tokens", "skip"))) {
            Graph graph = graph(17, fused("FusedConv", inputs, attributes));
            Graph apart = FusedOperatorDecomposition.takenApart(graph, "m.onnx");
            assertThat(apart.nodes()).extracting(Node::op).contains("Conv", activation);
            assertSame(run(apart), run(graph));
        }
        Node rows = Node.of("Squeeze", List.of("x"), "matrix");
        Node gemm = fused(
                "FusedGemm",
                List.of("matrix", "square", "bias"),
                Map.of("activation", Attribute.of("Relu"), "transB", Attribute.of(1)));
        Graph graph = graph(17, rows, gemm);
        assertSame(run(FusedOperatorDecomposition.takenApart(graph, "m.onnx")), run(graph));
    }

    @Test
    void handsOnTheSumOfASkippedNorm() {
        Node norm = new Node(
                "",
                RUNTIMES,
                "SkipLayerNormalization",
                List.of("x", "skip", "scale"),
                List.of("normal", "", "", "sum"),
                Map.of(),
                UninterpretedProto.NONE);
        Graph graph = graph(17, norm, Node.of("Mul", List.of("normal", "sum"), "y"));
        assertSame(run(FusedOperatorDecomposition.takenApart(graph, "m.onnx")), run(graph));
    }

    @Test
    void spellsOutTheAttentionOfNewerOpsets() {
        Map<String, Attribute> together = Map.of("q_num_heads", Attribute.of(2), "kv_num_heads", Attribute.of(2));
        for (String mask : List.of("", "positions", "pairs")) {
            Node attention = Node.of("Attention", List.of("x", "skip", "other_tokens", mask), List.of("y"), together);
            Graph graph = graph(23, attention);
            Graph parts = FusedOperatorDecomposition.takenApart(graph, "m.onnx");
            assertThat(parts.nodes()).noneMatch(node -> node.op().equals("Attention"));
            assertSame(run(parts), run(graph));
        }
        Node apart = Node.of("Unsqueeze", List.of("x", "one"), "x4");
        Node attention = Node.of("Attention", List.of("x4", "x4", "x4"), "y");
        Graph graph = graph(23, apart, attention);
        assertSame(run(FusedOperatorDecomposition.takenApart(graph, "m.onnx")), run(graph));
    }

    @Test
    void refusesWhatItCannotTakeApartAndSaysWhatToDo() {
        Node masked =
                fused("Attention", List.of("x", "packed", "packed_bias", "mask"), Map.of("num_heads", Attribute.of(2)));
        Node unknown = fused("GroupQueryAttention", List.of("x", "x", "x"), Map.of());
        Node blocked = new Node(
                "c", "com.microsoft.nchwc", "Conv", List.of("x", "w"), List.of("y"), Map.of(), UninterpretedProto.NONE);
        for (Node node : List.of(masked, unknown, blocked)) {
            assertThatThrownBy(() -> FusedOperatorDecomposition.takenApart(graph(17, node), "m.onnx"))
                    .isInstanceOf(VitrailException.class)
                    .hasMessageContaining("m.onnx")
                    .hasMessageContaining(node.label())
                    .hasMessageContaining("is a " + node.domain() + "." + node.op())
                    .hasMessageContaining("give the model as it was before");
        }
    }

    @Test
    void leavesAGraphOfStandardOperatorsAsItIs() {
        Graph graph = Graphs.of(17, Node.of("Relu", List.of("x"), "y"));
        assertThat(FusedOperatorDecomposition.takenApart(graph, "m.onnx")).isSameAs(graph);
    }

    /** x (1, tokens, width) and the constants that the operators above read. */
    private static Graph graph(int opset, Node... nodes) {
        Map<String, Weight> weights = new LinkedHashMap<>();
        weights.put("bias", random(WIDTH));
        weights.put("other", random(WIDTH));
        weights.put("scale", random(WIDTH));
        weights.put("skip", random(1, TOKENS, WIDTH));
        weights.put("other_tokens", random(1, TOKENS, WIDTH));
        weights.put("batches", random(TOKENS, WIDTH, WIDTH));
        weights.put("rows", random(TOKENS, 1, WIDTH));
        weights.put("square", random(WIDTH, WIDTH));
        weights.put("packed", random(WIDTH, 3 * WIDTH));
        weights.put("packed_bias", random(3 * WIDTH));
        weights.put("positions", random(1, 2, TOKENS, TOKENS));
        weights.put("kernel", random(TOKENS, TOKENS, 1));
        weights.put("tokens", random(TOKENS));
        weights.put("one", Weight.ofLongs(new int[] {1}, 1));
        weights.put("mask", Weight.ofLongs(new int[] {1, TOKENS}, 1, 1, 1, 1, 0));
        byte[] pairs = new byte[TOKENS * TOKENS];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = (byte) (i % 3 == 0 ? 0 : 1);
        }
        weights.put("pairs", Weight.ofBytes(DataType.BOOL, new int[] {TOKENS, TOKENS}, pairs));
        weights.keySet()
                .removeIf(name ->
                        Arrays.stream(nodes).noneMatch(node -> node.inputs().contains(name)));
        Graph graph = Graphs.of(
                opset,
                ValueInfo.of("x", DataType.FLOAT, List.of(Dim.of(1), Dim.of(TOKENS), Dim.of(WIDTH))),
                weights,
                nodes);
        return graph.withOutputs(List.of(
                        new ValueInfo("y", Optional.of(DataType.FLOAT), Optional.empty(), UninterpretedProto.NONE)))
                .withOpsets(Map.of("", opset, RUNTIMES, 1));
    }

    private static Weight random(int... shape) {
        float[] values = new float[(int) Tensor.size(shape)];
        Random random = new Random(Arrays.hashCode(shape));
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Weight.ofFloats(shape, values);
    }

    private static Tensor run(Graph graph) {
        Weight x = random(1, TOKENS, WIDTH);
        try (Engine engine = TestEngines.open(graph, EngineOptions.defaults().withOptimized(false))) {
            return engine.run(Map.of("x", Tensor.of(x.shape(), x.toFloats()))).get("y");
        }
    }

    private static void assertSame(Tensor actual, Tensor expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.values()).containsExactly(expected.values(), within(2e-5f));
    }
}
