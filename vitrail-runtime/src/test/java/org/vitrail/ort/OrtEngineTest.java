package org.vitrail.ort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vitrail.engine.EngineOptions;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Fixture;
import org.vitrail.testing.Graphs;
import org.vitrail.testing.Shared;

class OrtEngineTest {
    private static final EngineOptions OPTIONS = EngineOptions.defaults();
    private static final Tensor INPUT = Tensor.of(new int[] {2}, new float[] {-1.5f, 2});

    @Test
    void returnsIntermediateValuesAndComputesNothingElse() {
        Graph graph = Graphs.of(
                17, Node.of("Neg", List.of("x"), "hidden"), Node.of("NoSuchOperator", List.of("hidden"), "y"));
        try (OrtEngine engine = OrtEngine.open(graph, OPTIONS.withOutputs(List.of("hidden")))) {
            assertThat(engine.outputs()).containsExactly("hidden");
            assertThat(engine.run(Map.of("x", INPUT)).get("hidden").values()).containsExactly(1.5f, -2);
        }
        assertThatThrownBy(() -> OrtEngine.open(graph, OPTIONS.withOutputs(List.of("ghost"))))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("ghost");
    }

    @Test
    void returnsInputsAndWeightsThatAreAskedFor() {
        Graph graph = Graphs.of(17, Map.of("w", Weight.scalar(3)), Node.of("Mul", List.of("x", "w"), "y"));
        try (OrtEngine engine = OrtEngine.open(graph, OPTIONS.withOutputs(List.of("x", "w", "y")))) {
            Map<String, Tensor> values = engine.run(Map.of("x", INPUT));
            assertThat(values.get("x").values()).containsExactly(INPUT.values());
            assertThat(values.get("w").values()).containsExactly(3);
            assertThat(values.get("y").values()).containsExactly(-4.5f, 6);
        }
    }

    @Test
    void explainsWhatItCannotRunInOneSentence() {
        Graph unknown = Graphs.of(17, Node.of("NoSuchOperator", List.of("x"), "y"));
        assertThatThrownBy(() -> OrtEngine.open(unknown, OPTIONS))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("NoSuchOperator")
                .hasMessageNotContaining("\n");
        Graph graph = Graphs.of(
                17, Map.of("w", Weight.ofFloats(new int[] {3}, 1, 2, 3)), Node.of("Add", List.of("x", "w"), "y"));
        try (OrtEngine engine = OrtEngine.open(graph, OPTIONS)) {
            assertThatThrownBy(() -> engine.run(Map.of()))
                    .isInstanceOf(VitrailException.class)
                    .hasMessageContaining("needs the inputs [x], got []");
            assertThatThrownBy(() -> engine.run(Map.of("x", INPUT, "z", INPUT)))
                    .isInstanceOf(VitrailException.class)
                    .hasMessageContaining("has the inputs [x]");
            assertThatThrownBy(() -> engine.run(Map.of("x", INPUT)))
                    .isInstanceOf(VitrailException.class)
                    .hasMessageContaining("cannot run the model")
                    .hasMessageNotContaining("\n");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE", "FLOAT16", "INT8", "UINT8", "INT16", "INT32", "INT64", "BOOL", "BFLOAT16"})
    void feedsAndReturnsEveryTypeAsFloats(DataType type) {
        Graph graph = Graphs.of(17, Graphs.value("x", type), Map.of(), Node.of("Identity", List.of("x"), "y"));
        Tensor ones = Tensor.of(new int[] {2, 1}, new float[] {1, 0});
        try (OrtEngine engine = OrtEngine.open(graph, OPTIONS)) {
            Tensor back = engine.run(Map.of("x", ones)).get("y");
            assertThat(back.shape()).containsExactly(2, 1);
            assertThat(back.values()).containsExactly(1, 0);
        }
    }

    @Test
    void roundsAndSaturatesFloatsForIntegerInputs() {
        Graph graph =
                Graphs.of(17, Graphs.value("x", DataType.UINT8), Map.of(), Node.of("Identity", List.of("x"), "y"));
        try (OrtEngine engine = OrtEngine.open(graph, OPTIONS)) {
            Tensor x = Tensor.of(new int[] {4}, new float[] {-3, 2.5f, 254.6f, 1000});
            assertThat(engine.run(Map.of("x", x)).get("y").values()).containsExactly(0, 2, 255, 255);
        }
    }

    @Test
    void runsRawValuesWithoutConversion() {
        Node cast = Node.of("Cast", List.of("x"), List.of("y"), Map.of("to", Attribute.of(DataType.UINT32.onnx())));
        Graph graph = Graphs.of(17, Graphs.value("x", DataType.INT64), Map.of(), cast);
        Weight x = Weight.ofLongs(new int[] {2}, 5, 4_000_000_000L);
        try (OrtEngine engine = OrtEngine.open(graph, OPTIONS)) {
            Weight y = engine.runRaw(Map.of("x", x)).get("y");
            assertThat(y.type()).isEqualTo(DataType.UINT32);
            assertThat(y.toLongs()).containsExactly(5, 4_000_000_000L);
            assertThatThrownBy(() -> engine.runRaw(Map.of("x", Weight.scalar(1))))
                    .isInstanceOf(VitrailException.class);
        }
    }

    @Test
    void runsEmptyAndScalarValues() {
        Graph graph = Graphs.of(17, Node.of("Neg", List.of("x"), "y"));
        try (OrtEngine engine = OrtEngine.open(graph, OPTIONS)) {
            Tensor empty = Tensor.of(new int[] {0, 3}, new float[0]);
            assertThat(engine.run(Map.of("x", empty)).get("y").shape()).containsExactly(0, 3);
            Tensor scalar = Tensor.of(new int[0], new float[] {2});
            assertThat(engine.run(Map.of("x", scalar)).get("y").values()).containsExactly(-2);
        }
    }

    @Test
    void runsFromManyThreadsAtOnce() throws Exception {
        Graph graph = Graphs.of(17, Map.of("w", Weight.scalar(2)), Node.of("Mul", List.of("x", "w"), "y"));
        try (OrtEngine engine = OrtEngine.open(graph, OPTIONS);
                ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Float>> results = IntStream.range(0, 200)
                    .mapToObj(i ->
                            threads.submit(() -> engine.run(Map.of("x", Tensor.of(new int[] {1}, new float[] {i})))
                                    .get("y")
                                    .values()[0]))
                    .toList();
            for (int i = 0; i < results.size(); i++) {
                assertThat(results.get(i).get()).isEqualTo(2f * i);
            }
        }
    }

    @Test
    @Tag("shared")
    void givesTheSameBitsWithOneAndTwoThreads() {
        Fixture fixture = Fixture.real().getLast();
        Graph graph = OnnxFile.read(fixture.model());
        try (OrtEngine one = OrtEngine.open(graph, OPTIONS);
                OrtEngine two = OrtEngine.open(fixture.model(), OPTIONS.withThreads(2))) {
            Map<String, Tensor> input = Map.of(one.inputs().getFirst(), fixture.input());
            String output = one.outputs().getFirst();
            assertThat(two.run(input).get(output).values())
                    .containsExactly(one.run(input).get(output).values());
        }
    }

    @Test
    @Tag("shared")
    void givesTheSameBitsWithWeightsSharedInsteadOfCopied() {
        Fixture fixture = Fixture.real().get(1);
        Graph graph = OnnxFile.read(fixture.model());
        try (OrtEngine copied = OrtEngine.open(graph, OPTIONS);
                OrtEngine shared = OrtEngine.sharing(graph, OPTIONS)) {
            Map<String, Tensor> input = Map.of(copied.inputs().getFirst(), fixture.input());
            String output = copied.outputs().getFirst();
            assertThat(Arrays.equals(
                            shared.run(input).get(output).values(),
                            copied.run(input).get(output).values()))
                    .isTrue();
        }
    }

    @Test
    @Tag("shared")
    void opensADeployedFileWithIntermediateOutputs() {
        Fixture fixture = Fixture.small().getLast();
        Graph graph = OnnxFile.read(Shared.path("models/onnx/small").resolve(fixture.name()));
        String hidden = graph.nodes().get(graph.nodes().size() / 2).output();
        try (OrtEngine engine = OrtEngine.open(fixture.model(), OPTIONS.withOutputs(List.of(hidden)))) {
            assertThat(engine.run(Map.of(engine.inputs().getFirst(), fixture.input())))
                    .containsOnlyKeys(hidden);
        }
    }
}
