package org.vitrail.canonical;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vitrail.engine.Engine;
import org.vitrail.engine.EngineOptions;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.shape.Shapes;
import org.vitrail.tensor.Tensor;
import org.vitrail.testing.Fixture;
import org.vitrail.testing.TestEngines;

/** Compares shapes and constant folding with ONNX Runtime's results on real exports. */
@Tag("shared")
class RealModelsTest {
    /** Integer nodes that compute the batch, to which a class token is expanded: Shape, Gather, Concat. */
    private static final int BATCH_ONLY = 3;

    /** Number of integer computations left after folding, where it is not {@link #BATCH_ONLY}. */
    private static final Map<String, Integer> LEFT = Map.ofEntries(
            entry("CCT_2_32_32_128_Opset20", 0),
            entry("CCT_1_16_16_8", 0),
            entry("CCT_1_32_32_32", 0),
            entry("timm-swin/torchscript.onnx", 0),
            entry("timm-swin/dynamo.onnx", 0),
            entry("timm-vit-gap/torchscript.onnx", 0),
            entry("timm-vit-gap/dynamo.onnx", 0),
            entry("hf-detr/torchscript.onnx", 22), // masks gathered by indices that depend on the batch
            entry("hf-detr/dynamo.onnx", 17));

    static Stream<Fixture> small() {
        return Stream.concat(Fixture.small().stream(), Fixture.compact().stream());
    }

    static List<Fixture> all() {
        return Fixture.all();
    }

    @ParameterizedTest
    @MethodSource("small")
    void infersTheShapesAndConstantsThatTheEngineFinds(Fixture fixture) {
        Graph graph = OnnxFile.read(fixture.model());
        Shapes shapes = Shapes.infer(graph);
        // A batch that shape inference does not try, where the model takes any.
        int batch = takesAnyBatch(graph) ? 3 : 1;
        List<String> values =
                graph.nodes().stream().flatMap(node -> node.outputs().stream()).toList();
        EngineOptions options = EngineOptions.defaults().withOptimized(false).withOutputs(values);

        try (Engine engine = TestEngines.open(graph, options)) {
            Tensor input = batch(fixture, batch);
            Weight pixels = Weight.ofFloats(input.shape(), input.values());
            Map<String, Weight> found = engine.runRaw(Map.of(graph.inputNames().getFirst(), pixels));
            for (String value : values) {
                Weight actual = found.get(value);
                assertThat(shapes.type(value)).as(value).contains(actual.type());
                assertThat(extents(shapes.of(value).orElseThrow(), batch))
                        .as(value)
                        .containsExactly(actual.shape());
                shapes.constant(value).ifPresent(constant -> assertSame(value, constant, actual));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void foldsAllButTheBatchToTheSameOutputs(Fixture fixture) {
        Graph graph = OnnxFile.read(fixture.model());
        Graph folded = ConstantFolding.fold(graph, new EngineEvaluator(TestEngines.PROVIDER));
        Shapes shapes = Shapes.infer(folded);

        assertThat(folded.nodes().stream()
                        .filter(node -> shapes.type(node.output()).orElseThrow() == DataType.INT64)
                        .map(Node::op))
                .hasSize(LEFT.getOrDefault(fixture.name(), BATCH_ONLY));
        assertThat(folded.nodes()).noneMatch(node -> node.is("Constant") || node.is("Identity"));
        for (int batch : takesAnyBatch(graph) ? new int[] {1, 2} : new int[] {1}) {
            Map<String, Tensor> expected = run(graph, batch(fixture, batch));
            Map<String, Tensor> actual = run(folded, batch(fixture, batch));
            for (String output : graph.outputNames()) {
                assertThat(actual.get(output).shape())
                        .isEqualTo(expected.get(output).shape());
                assertThat(actual.get(output).values())
                        .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-5 ? 0 : Float.compare(a, b))
                        .containsExactly(expected.get(output).values());
            }
        }
    }

    private static boolean takesAnyBatch(Graph graph) {
        return graph.inputs().getFirst().shape().orElseThrow().getFirst() instanceof Dim.Symbol;
    }

    /** Returns the fixture's images, repeated or cut to {@code count}. */
    private static Tensor batch(Fixture fixture, int count) {
        int[] shape = fixture.input().shape();
        float[] given = fixture.input().values();
        float[] values = new float[given.length / shape[0] * count];
        for (int i = 0; i < values.length; i++) {
            values[i] = given[i % given.length];
        }
        shape[0] = count;
        return Tensor.of(shape, values);
    }

    private static Map<String, Tensor> run(Graph graph, Tensor input) {
        try (Engine engine = TestEngines.open(graph)) {
            return engine.run(Map.of(graph.inputNames().getFirst(), input));
        }
    }

    private static int[] extents(List<Dim> dims, int batch) {
        List<Integer> extents = new ArrayList<>();
        for (Dim dim : dims) {
            extents.add(
                    switch (dim) {
                        case Dim.Known(long extent) -> (int) extent;
                        case Dim.Symbol(String name) ->
                            Arrays.stream(name.split("\\*", -1))
                                    .mapToInt(factor -> factor.equals("batch") ? batch : Integer.parseInt(factor))
                                    .reduce(1, (a, b) -> a * b);
                    });
        }
        return extents.stream().mapToInt(Integer::intValue).toArray();
    }

    private static void assertSame(String value, Weight constant, Weight actual) {
        if (actual.isFloating()) {
            assertThat(constant.toFloats()).as(value).containsExactly(actual.toFloats(), within(1e-6f));
        } else {
            assertThat(constant).as(value).isEqualTo(actual);
        }
    }
}
