package org.vitrail.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.vitrail.engine.Engine;
import org.vitrail.engine.EngineOptions;
import org.vitrail.export.SingleLayerGraph.Form;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;
import org.vitrail.linalg.LinearAlgebra;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.plan.LinearPlan;
import org.vitrail.plan.Plan;
import org.vitrail.plan.ProductPlan;
import org.vitrail.quantizer.AffineQuantizer;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.quantizer.HeadQuantizers;
import org.vitrail.quantizer.LayerInputQuantizer;
import org.vitrail.tensor.Tensor;
import org.vitrail.testing.Graphs;
import org.vitrail.testing.TestEngines;

class ExporterTest {
    private final SplittableRandom random = new SplittableRandom(11);

    private static float[] run(Graph graph, EngineOptions options, float[] x, int... shape) {
        try (Engine engine = TestEngines.open(graph, options)) {
            return engine.run(Map.of("x", Tensor.of(shape, x))).get("y").values();
        }
    }

    private static float[] run(Graph graph, float[] x) {
        return run(graph, EngineOptions.defaults(), x, x.length / SingleLayerGraph.INPUTS, SingleLayerGraph.INPUTS);
    }

    private static void assertAgree(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        float largest = 0;
        float difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
        }
        assertThat(difference).isLessThanOrEqualTo(1e-5f * largest);
    }

    /** Compares both targets with our own arithmetic, with and without ONNX Runtime's optimizer and exact products. */
    private void assertComputes(SingleLayerGraph layer, Plan plan, float[] x) {
        float[] expected = layer.expected(plan, x);
        Graph portable = Deployment.ofPart(layer.graph(), layer.layers(), plan, Target.PORTABLE);
        Graph simulated = Deployment.ofPart(layer.graph(), layer.layers(), plan, Target.SIMULATED);
        int rows = x.length / SingleLayerGraph.INPUTS;
        assertAgree(run(simulated, x), expected);
        assertAgree(run(portable, x), expected);
        assertAgree(
                run(portable, EngineOptions.defaults().withOptimized(false), x, rows, SingleLayerGraph.INPUTS),
                expected);
        assertAgree(
                run(portable, EngineOptions.defaults().withExactInt8(true), x, rows, SingleLayerGraph.INPUTS),
                expected);
        assertThat(SaturationProof.of(portable).holds()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"8, 8", "6, 6", "5, 7", "4, 8", "4, 4", "3, 8", "10, 10", "2, 2", "8, 10", "10, 8"})
    void computesWhatTheQuantizersSayAtEveryWidth(int weights, int activations) {
        float[] x = SingleLayerGraph.gaussian(random, SingleLayerGraph.ROWS * SingleLayerGraph.INPUTS);
        SingleLayerGraph layer = SingleLayerGraph.of(Form.MATMUL_ADD);
        assertComputes(layer, layer.plan(weights, activations, true, false, false), x);
        assertComputes(
                layer, layer.plan(weights, activations, false, true, true), SingleLayerGraph.massiveInput(random));
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void computesWhatTheQuantizersSayInEveryForm(Form form) {
        float[] x = SingleLayerGraph.massiveInput(random);
        SingleLayerGraph layer = SingleLayerGraph.of(form);
        for (boolean massive : List.of(false, true)) {
            for (boolean corrected : List.of(false, true)) {
                assertComputes(layer, layer.plan(8, 8, true, massive, corrected), x);
            }
        }
        assertComputes(layer, layer.plan(4, 6, false, true, true), x);
    }

    @Test
    void keepsBatchAndTokenAxes() {
        SingleLayerGraph layer = SingleLayerGraph.of(Form.MATMUL_ADD);
        Plan plan = layer.plan(8, 8, true, true, true);
        float[] x = SingleLayerGraph.massiveInput(random);
        Graph portable = Deployment.ofPart(layer.graph(), layer.layers(), plan, Target.PORTABLE);
        assertAgree(
                run(portable, EngineOptions.defaults(), x, 1, SingleLayerGraph.ROWS, SingleLayerGraph.INPUTS),
                layer.expected(plan, x));
    }

    @Test
    void layersThatShareTheirInputShareItsQuantizer() {
        SingleLayerGraph layer = SingleLayerGraph.of(Form.THREE);
        Graph portable =
                Deployment.ofPart(layer.graph(), layer.layers(), layer.plan(8, 8, true, true, false), Target.PORTABLE);
        // One for the ordinary channels, and one per layer for its gathered massive channels.
        assertThat(portable.nodes().stream()
                        .filter(node ->
                                node.is("QuantizeLinear") && node.input(0).equals("x")))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"2, INT4", "4, INT4", "5, INT8", "8, INT8", "9, INT16"})
    void storesWeightsInTheNarrowestTypeAndKeepsNoFloatCopy(int bits, DataType type) {
        SingleLayerGraph layer = SingleLayerGraph.of(Form.GEMM_TRANSPOSED);
        Plan plan = layer.plan(bits, 8, true, false, false);
        Graph portable = Deployment.ofPart(layer.graph(), layer.layers(), plan, Target.PORTABLE);
        List<Weight> matrices = portable.weights().values().stream()
                .filter(weight -> weight.rank() == 2)
                .toList();
        assertThat(matrices).singleElement().extracting(Weight::type).isEqualTo(type);
        int elements = SingleLayerGraph.INPUTS * SingleLayerGraph.OUTPUTS;
        assertThat(matrices.getFirst().bytes().remaining()).isEqualTo((elements * type.bits() + 7) / 8);
        short[] codes = plan.layers().getFirst().weight().codes();
        long[] stored = matrices.getFirst().toLongs();
        for (int i = 0; i < codes.length; i++) {
            assertThat(stored[i]).isEqualTo(codes[i]);
        }
    }

    @Test
    void filesOfFourBitWeightsAreHalfOfThoseOfEight(@TempDir Path folder) throws IOException {
        List<Long> sizes = new ArrayList<>();
        for (int bits : List.of(4, 8)) {
            Path file = folder.resolve("w" + bits + ".onnx");
            SingleLayerGraph layer = SingleLayerGraph.of(Form.MATMUL_ADD);
            OnnxFile.write(
                    Deployment.ofPart(
                            layer.graph(), layer.layers(), layer.plan(bits, 8, true, false, false), Target.PORTABLE),
                    file);
            sizes.add(Files.size(file));
        }
        // The one Cast that 4-bit weights need costs under 100 bytes.
        assertThat(sizes.get(1) - sizes.get(0))
                .isGreaterThan(SingleLayerGraph.INPUTS * SingleLayerGraph.OUTPUTS / 2 - 100);
    }

    @Test
    void keepsTheNamesOfInputsAndOutputsAndTheMetadata() {
        for (Form form : List.of(Form.MATMUL, Form.MATMUL_ADD, Form.GEMM)) {
            SingleLayerGraph layer = SingleLayerGraph.of(form);
            for (Target target : Target.values()) {
                Graph exported =
                        Deployment.ofPart(layer.graph(), layer.layers(), layer.plan(4, 8, true, true, true), target);
                assertThat(exported.inputs()).isEqualTo(layer.graph().inputs());
                assertThat(exported.outputs()).isEqualTo(layer.graph().outputs());
                assertThat(exported.metadata()).isEqualTo(layer.graph().metadata());
                assertThat(exported.name()).isEqualTo(layer.graph().name());
            }
        }
    }

    @Test
    void layersThatThePlanDoesNotNameStayAsTheyWere() {
        SingleLayerGraph layer = SingleLayerGraph.of(Form.THREE);
        Plan all = layer.plan(8, 8, true, false, false);
        Plan one = new Plan(List.of(all.layers().get(1)), List.of());
        Graph portable = Deployment.ofPart(layer.graph(), layer.layers(), one, Target.PORTABLE);
        assertThat(portable.nodes())
                .contains(layer.graph().nodes().get(0), layer.graph().nodes().get(2));
        assertThat(SaturationProof.of(portable).products()).hasSize(1);
    }

    @Test
    void aGemmWithOneNumberAsItsBiasIsCorrectedInEveryChannel() {
        SingleLayerGraph layer = SingleLayerGraph.of(Form.GEMM);
        float[] x = SingleLayerGraph.massiveInput(random);
        for (boolean corrected : List.of(false, true)) {
            Plan plan = layer.plan(8, 8, true, false, corrected);
            float[] same = new float[SingleLayerGraph.OUTPUTS];
            Arrays.fill(same, 0.5f);
            Map<String, Weight> spelledOut = new LinkedHashMap<>(layer.graph().weights());
            spelledOut.put("b", Weight.ofFloats(new int[] {SingleLayerGraph.OUTPUTS}, same));
            Map<String, Weight> scalar = new LinkedHashMap<>(spelledOut);
            scalar.put("b", Weight.scalar(0.5f));
            float[] expected =
                    new SingleLayerGraph(layer.graph().withWeights(spelledOut), layer.layers()).expected(plan, x);
            Graph portable =
                    Deployment.ofPart(layer.graph().withWeights(scalar), layer.layers(), plan, Target.PORTABLE);
            assertAgree(run(portable, x), expected);
        }
    }

    @Test
    void refusesAPlanForAnotherModel() {
        SingleLayerGraph layer = SingleLayerGraph.of(Form.MATMUL);
        LinearPlan known = layer.plan(8, 8, true, false, false).layers().getFirst();
        Plan unknownLayer = new Plan(
                List.of(new LinearPlan("elsewhere", known.input(), known.weight(), known.biasCorrection())), List.of());
        assertThatThrownBy(() -> Deployment.ofPart(layer.graph(), layer.layers(), unknownLayer, Target.PORTABLE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("elsewhere");
        AffineQuantizer quantizer = known.input().main();
        Plan unknownProduct = new Plan(
                List.of(),
                List.of(new ProductPlan(
                        "nowhere", HeadQuantizers.shared(quantizer), HeadQuantizers.shared(quantizer), false)));
        assertThatThrownBy(() -> Deployment.ofPart(layer.graph(), layer.layers(), unknownProduct, Target.PORTABLE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nowhere");
    }

    @ParameterizedTest
    @CsvSource({"8, 8", "6, 6", "4, 8", "8, 10", "10, 8", "10, 10"})
    void productsOfTwoValuesQuantizeBothOperands(int leftBits, int rightBits) {
        Graph graph = Graphs.of(17, Node.of("Transpose", List.of("x"), "t"), Node.of("MatMul", List.of("x", "t"), "y"));
        AffineQuantizer left = AffineQuantizer.ofRange(-2, 2.5, new BitWidth(leftBits).unsigned());
        AffineQuantizer right = AffineQuantizer.ofRange(-1.5, 2, new BitWidth(rightBits).unsigned());
        Plan plan = new Plan(
                List.of(),
                List.of(new ProductPlan("y", HeadQuantizers.shared(left), HeadQuantizers.shared(right), false)));
        float[] x = SingleLayerGraph.gaussian(random, SingleLayerGraph.ROWS * SingleLayerGraph.INPUTS);
        float[] expected = LinearAlgebra.multiplyByTransposed(
                LayerInputQuantizer.of(left).apply(x, SingleLayerGraph.INPUTS),
                LayerInputQuantizer.of(right).apply(x, SingleLayerGraph.INPUTS),
                SingleLayerGraph.ROWS,
                SingleLayerGraph.INPUTS,
                SingleLayerGraph.ROWS);
        for (Target target : Target.values()) {
            Graph exported = Deployment.ofPart(graph, List.of(), plan, target);
            assertAgree(run(exported, x), expected);
            assertThat(SaturationProof.of(exported).holds()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"8", "6", "10"})
    void headsHaveIntervalsOfTheirOwn(int bits) {
        Graph graph = Graphs.of(
                17,
                Node.of("Transpose", List.of("x"), List.of("t"), Map.of("perm", Attribute.ints(0L, 1L, 3L, 2L))),
                Node.of("MatMul", List.of("x", "t"), "y"));
        AffineQuantizer narrow = AffineQuantizer.ofRange(-1, 1.5, new BitWidth(bits).unsigned());
        AffineQuantizer wide = AffineQuantizer.ofRange(-4, 2, new BitWidth(bits).unsigned());
        HeadQuantizers heads = new HeadQuantizers(List.of(narrow, wide), -3);
        Plan plan = new Plan(List.of(), List.of(new ProductPlan("y", heads, heads, false)));
        float[] x = SingleLayerGraph.gaussian(random, 2 * 5 * 3);
        Graph exported = Deployment.ofPart(graph, List.of(), plan, Target.PORTABLE);
        float[] y;
        try (Engine engine = TestEngines.open(exported)) {
            y = engine.run(Map.of("x", Tensor.of(new int[] {1, 2, 5, 3}, x)))
                    .get("y")
                    .values();
        }
        for (int head = 0; head < 2; head++) {
            float[] one = LayerInputQuantizer.of(heads.quantizers().get(head))
                    .apply(Arrays.copyOfRange(x, head * 15, head * 15 + 15), 3);
            float[] expected = LinearAlgebra.multiplyByTransposed(one, one, 5, 3, 5);
            for (int i = 0; i < 25; i++) {
                assertThat(y[head * 25 + i]).isCloseTo(expected[i], within(1e-5f));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"17, 8", "20, 8", "20, 4"})
    void probabilitiesAreQuantizedRowByRowAndKeepTheirMass(int opset, int bits) {
        Graph graph = Graphs.of(
                opset,
                Node.of("Softmax", List.of("x"), List.of("p"), Map.of("axis", Attribute.of(-1))),
                Node.of("Transpose", List.of("x"), "t"),
                Node.of("MatMul", List.of("p", "t"), "y"));
        AffineQuantizer unit = AffineQuantizer.ofRange(0, 1, new BitWidth(bits).unsigned());
        AffineQuantizer right = AffineQuantizer.ofRange(-3, 3, new BitWidth(8).unsigned());
        Plan plan = new Plan(
                List.of(),
                List.of(new ProductPlan("y", HeadQuantizers.shared(unit), HeadQuantizers.shared(right), true)));
        float[] x = SingleLayerGraph.gaussian(random, SingleLayerGraph.ROWS * SingleLayerGraph.INPUTS);
        float[] u = new float[x.length];
        for (int row = 0; row < SingleLayerGraph.ROWS; row++) {
            int from = row * SingleLayerGraph.INPUTS;
            float largest = Float.NEGATIVE_INFINITY;
            for (int k = 0; k < SingleLayerGraph.INPUTS; k++) {
                largest = Math.max(largest, x[from + k]);
            }
            double mass = 0;
            for (int k = 0; k < SingleLayerGraph.INPUTS; k++) {
                u[from + k] = unit.apply((float) Math.exp(x[from + k] - largest));
                mass += u[from + k];
            }
            for (int k = 0; k < SingleLayerGraph.INPUTS; k++) {
                u[from + k] /= (float) mass;
            }
        }
        float[] expected = LinearAlgebra.multiplyByTransposed(
                u,
                LayerInputQuantizer.of(right).apply(x, SingleLayerGraph.INPUTS),
                SingleLayerGraph.ROWS,
                SingleLayerGraph.INPUTS,
                SingleLayerGraph.ROWS);
        assertAgree(run(Deployment.ofPart(graph, List.of(), plan, Target.PORTABLE), x), expected);
    }
}
