package org.vitrail.allocate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vitrail.Model;
import org.vitrail.block.Recognition;
import org.vitrail.engine.Engine;
import org.vitrail.engine.EngineOptions;
import org.vitrail.engine.ExampleSource;
import org.vitrail.engine.RunContext;
import org.vitrail.export.Deployment;
import org.vitrail.export.Target;
import org.vitrail.graph.Graph;
import org.vitrail.image.SyntheticImages;
import org.vitrail.linalg.LinearAlgebra;
import org.vitrail.linalg.SquaredDistance;
import org.vitrail.pipeline.AttentionMode;
import org.vitrail.pipeline.Bits;
import org.vitrail.pipeline.Quantization;
import org.vitrail.pipeline.QuantizationConfig;
import org.vitrail.plan.Plan;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.task.Logits;
import org.vitrail.tensor.Tensor;
import org.vitrail.testing.Shared;
import org.vitrail.testing.TestEngines;

/** Compares sensitivities measured on cut-out modules with those of the whole model with one module quantized. */
@Tag("shared")
class SensitivityTest {
    private static final BitWidth FOUR = new BitWidth(4);
    private static final BitWidth SIX = new BitWidth(6);

    private final Model model = Model.open(Shared.path("models/onnx/small/timm-vit/torchscript.onnx"));
    private final Recognition recognition = Quantization.recognise(model.graph(), "model", TestEngines.PROVIDER);
    private final ExampleSource inputs = model.inputs(new SyntheticImages(3, 72, 4));
    private final Map<Bits, Plan> plans = Quantization.plans(
            recognition,
            inputs,
            QuantizationConfig.defaults().withAttention(AttentionMode.QUANTIZED),
            Set.of(Bits.of("W4A4"), Bits.of("W6A6")),
            RunContext.of(TestEngines.PROVIDER));
    private final List<TransformerModule> modules = ModuleFinder.of(recognition, plans.get(Bits.of("W4A4")));

    private Plan plan(TransformerModule module, BitWidth width) {
        Plan all = plans.get(new Bits(width, width));
        return new Plan(
                all.layers().stream()
                        .filter(layer -> module.layers().contains(layer.layer()))
                        .toList(),
                all.products().stream()
                        .filter(product -> module.products().contains(product.product()))
                        .toList());
    }

    private SensitivityTask task(int threads, long heldBytes) {
        return new SensitivityTask(
                recognition.graph(),
                modules,
                List.of(FOUR, SIX),
                (part, module, width) -> {
                    Plan own = plan(module, width);
                    List<String> present =
                            part.nodes().stream().map(node -> node.output()).toList();
                    return Deployment.ofPart(
                            part,
                            recognition.layers(),
                            new Plan(
                                    own.layers().stream()
                                            .filter(layer -> present.contains(layer.layer()))
                                            .toList(),
                                    own.products().stream()
                                            .filter(product -> present.contains(product.product()))
                                            .toList()),
                            Target.PORTABLE);
                },
                inputs,
                TestEngines.context(threads).withHeldBytes(heldBytes));
    }

    /** Returns the whole model with one module quantized. */
    private Graph alone(TransformerModule module, BitWidth width) {
        return Deployment.ofPart(recognition.graph(), recognition.layers(), plan(module, width), Target.PORTABLE);
    }

    private static List<Tensor> run(Graph graph, String value, ExampleSource inputs) {
        try (Engine engine = TestEngines.open(graph, EngineOptions.defaults().withOutputs(List.of(value)))) {
            return IntStream.range(0, inputs.size())
                    .mapToObj(i -> engine.run(inputs.get(i)).get(value))
                    .toList();
        }
    }

    @Test
    void everyAttentionAndEveryMlpIsAModuleAndAllTheirParametersCount() {
        assertThat(modules)
                .extracting(TransformerModule::name)
                .containsExactly("block 0 attention", "block 0 MLP", "block 1 attention", "block 1 MLP");
        assertThat(modules).allSatisfy(module -> assertThat(module.parameters()).isPositive());
        assertThat(modules.getFirst().layers()).hasSize(2);
        assertThat(modules.getFirst().products()).hasSize(2);
        assertThat(modules.get(1).layers()).hasSize(2);
        assertThat(modules.get(1).products()).isEmpty();
    }

    @Test
    void nuclearSensitivityIsTheNuclearNormTimesTheSquaredErrorOfWhatTheModuleMakes() {
        double[][] omega = new NuclearSensitivity().measure(task(2, 1 << 20));
        for (int i = 0; i < modules.size(); i++) {
            TransformerModule.Part part = modules.get(i).parts().getFirst();
            List<Tensor> y = run(recognition.graph(), part.observed(), inputs);
            for (int b = 0; b < 2; b++) {
                List<Tensor> changed = run(alone(modules.get(i), b == 0 ? FOUR : SIX), part.observed(), inputs);
                double expected = 0;
                for (int image = 0; image < inputs.size(); image++) {
                    expected += ofMatrices(y.get(image), changed.get(image)) / inputs.size();
                }
                assertThat(omega[i][b])
                        .isCloseTo(expected, within(1e-4 * expected))
                        .isPositive();
            }
            assertThat(omega[i][0]).isGreaterThan(4 * omega[i][1]);
        }
    }

    @Test
    void featureSensitivityIsTheSquaredErrorThatTheModuleAddsToTheResidualStream() {
        double[][] even = FeatureSensitivity.even().measure(task(2, 1 << 20));
        double[][] nuclear = FeatureSensitivity.nuclear().measure(task(2, 1 << 20));
        for (int i = 0; i < modules.size(); i++) {
            String exit = modules.get(i).exits().getFirst();
            List<Tensor> y = run(recognition.graph(), exit, inputs);
            List<Tensor> changed = run(alone(modules.get(i), FOUR), exit, inputs);
            double errors = 0;
            double weighed = 0;
            for (int image = 0; image < inputs.size(); image++) {
                float[] values = y.get(image).values();
                double error =
                        SquaredDistance.between(values, changed.get(image).values()) / inputs.size();
                errors += error;
                weighed += error
                        * LinearAlgebra.nuclearNorm(
                                values, y.get(image).rows(), y.get(image).extent(-1));
            }
            assertThat(even[i][0]).isCloseTo(errors, within(1e-4 * errors)).isPositive();
            assertThat(nuclear[i][0]).isCloseTo(weighed, within(1e-4 * weighed)).isPositive();
        }
    }

    private static double ofMatrices(Tensor y, Tensor changed) {
        int size = y.extent(-1) * y.extent(-2);
        int matrices = y.size() / size;
        double sum = 0;
        for (int m = 0; m < matrices; m++) {
            float[] matrix = Arrays.copyOfRange(y.values(), m * size, (m + 1) * size);
            double error = 0;
            for (int i = m * size; i < (m + 1) * size; i++) {
                error += Math.pow(y.values()[i] - changed.values()[i], 2);
            }
            sum += LinearAlgebra.nuclearNorm(matrix, y.extent(-2), y.extent(-1)) * error / matrices;
        }
        return sum;
    }

    @Test
    void divergenceIsThatOfTheWholeModelWithOneModuleQuantized() {
        double[][] omega = divergence().measure(task(2, 1 << 20));
        String output = recognition.graph().outputNames().getFirst();
        List<Tensor> reference = run(recognition.graph(), output, inputs);
        for (int i = 0; i < modules.size(); i++) {
            for (int b = 0; b < 2; b++) {
                List<Tensor> changed = run(alone(modules.get(i), b == 0 ? FOUR : SIX), output, inputs);
                double expected = 0;
                for (int image = 0; image < inputs.size(); image++) {
                    expected += Logits.klNats(
                                    reference.get(image).values(),
                                    changed.get(image).values())
                            / inputs.size();
                }
                assertThat(omega[i][b])
                        .isCloseTo(expected, within(1e-3 * expected))
                        .isPositive();
            }
        }
    }

    private DivergenceSensitivity divergence() {
        String output = recognition.graph().outputNames().getFirst();
        return new DivergenceSensitivity((reference, changed) -> Logits.klNats(
                reference.get(output).values(), changed.get(output).values()));
    }

    @ParameterizedTest
    @EnumSource(MixedPrecision.Measure.class)
    void dependOnNeitherThreadsNorMemory(MixedPrecision.Measure measure) {
        Sensitivity sensitivity = switch (measure) {
            case NUCLEAR -> new NuclearSensitivity();
            case NUCLEAR_FEATURE -> FeatureSensitivity.nuclear();
            case FEATURE -> FeatureSensitivity.even();
            case DIVERGENCE -> divergence();
            case RANDOM -> new RandomSensitivity(3);
        };
        double[][] omega = sensitivity.measure(task(1, 1 << 30));
        assertThat(sensitivity.measure(task(3, 1 << 30))).isDeepEqualTo(omega);
        double[][] inPasses = sensitivity.measure(task(2, 1));
        for (int i = 0; i < omega.length; i++) {
            assertThat(inPasses[i]).containsExactly(omega[i], within(1e-9 * omega[i][0]));
        }
    }
}
