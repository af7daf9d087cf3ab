package org.vitrail.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.Model;
import org.vitrail.block.LinearLayer;
import org.vitrail.block.Recognition;
import org.vitrail.compensate.BiasCorrection;
import org.vitrail.engine.Engine;
import org.vitrail.engine.EngineOptions;
import org.vitrail.engine.ExampleSource;
import org.vitrail.export.Deployment;
import org.vitrail.export.Target;
import org.vitrail.graph.Graph;
import org.vitrail.image.SyntheticImages;
import org.vitrail.plan.LinearPlan;
import org.vitrail.plan.Plan;
import org.vitrail.task.TaskChoice;
import org.vitrail.tensor.Tensor;
import org.vitrail.testing.Shared;
import org.vitrail.testing.TestEngines;
import org.vitrail.work.Progress;

/** Bias correction measured between the quantized and the float model. */
@Tag("shared")
class EmpiricalBiasCorrectionTest {
    private final Map<String, double[]> magnitudes = new HashMap<>();

    private static QuantizationConfig config(BiasCorrection.Source source, int threads) {
        QuantizationConfig config = QuantizationConfig.defaults()
                .withMethod(Preset.MINMAX.method().withBiasCorrection(source))
                .withAttention(AttentionMode.QUANTIZED)
                .withBits(Bits.of("W4A4"));
        return config.withCapture(config.capture().withThreads(threads));
    }

    private static Model model(String name) {
        return Model.open(Shared.path("models/onnx/small/" + name + ".onnx"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "timm-vit/torchscript",
                "hf-vit/dynamo",
                "timm-deit3/torchscript",
                "timm-cait/dynamo",
                "hf-dinov2-swiglu/torchscript",
                "hf-swin/torchscript"
            })
    void leavesNoLayerAMeanErrorWithAllCorrectionsInPlace(String name) {
        Model model = model(name);
        ExampleSource inputs = model.inputs(new SyntheticImages(3, 72, 4));
        Recognition recognition = Quantization.recognise(model.graph(), name, TestEngines.PROVIDER);

        Map<String, double[]> without = meanErrors(recognition, inputs, BiasCorrection.Source.NONE);
        Map<String, double[]> with = meanErrors(recognition, inputs, BiasCorrection.Source.EMPIRICAL);

        assertThat(with).hasSameSizeAs(without).isNotEmpty();
        with.forEach((layer, errors) -> {
            // The integer products are exact, but float sums around them depend on what is fused with them; a value
            // at the edge of a step may then fall to its other side.
            double before = norm(without.get(layer));
            assertThat(norm(errors))
                    .as(layer + ", " + before + " without")
                    .isLessThan(0.05 * before + 1e-4 * norm(magnitudes.get(layer)));
        });
    }

    @Test
    void isTheSameOnAnyNumberOfThreads() {
        Model model = model("timm-vit/torchscript");
        ExampleSource inputs = model.inputs(new SyntheticImages(5, 72, 4));
        Recognition recognition = Quantization.recognise(model.graph(), "timm-vit", TestEngines.PROVIDER);

        List<float[]> one = corrections(recognition, inputs, 1);

        assertThat(one).allMatch(correction -> correction.length > 0);
        assertThat(corrections(recognition, inputs, 3))
                .usingRecursiveComparison()
                .isEqualTo(one);
    }

    private static List<float[]> corrections(Recognition recognition, ExampleSource inputs, int threads) {
        return plan(recognition, inputs, config(BiasCorrection.Source.EMPIRICAL, threads)).layers().stream()
                .map(LinearPlan::biasCorrection)
                .toList();
    }

    private static Plan plan(Recognition recognition, ExampleSource inputs, QuantizationConfig config) {
        return Quantization.plan(
                        new PreparedModel(recognition.graph(), recognition),
                        TaskChoice.find(recognition.graph()).task(),
                        inputs,
                        List.of(config),
                        config.context(TestEngines.PROVIDER, Progress.none()))
                .getFirst()
                .plan();
    }

    /** E[Ô − O] of each layer's channels; what E[O] is goes to {@link #magnitudes}. */
    private Map<String, double[]> meanErrors(
            Recognition recognition, ExampleSource inputs, BiasCorrection.Source source) {
        Plan plan = plan(recognition, inputs, config(source, 2));
        Set<String> planned = new HashSet<>();
        plan.layers().forEach(layer -> planned.add(layer.layer()));
        List<LinearLayer> layers = recognition.layers().stream()
                .filter(layer -> planned.contains(layer.output()))
                .toList();
        Map<String, double[]> original = means(recognition.graph(), layers, inputs);
        Map<String, double[]> quantized = means(Deployment.of(recognition, plan, Target.PORTABLE), layers, inputs);
        magnitudes.putAll(original);
        Map<String, double[]> errors = new HashMap<>();
        quantized.forEach((name, means) -> {
            double[] error = means.clone();
            for (int n = 0; n < error.length; n++) {
                error[n] -= original.get(name)[n];
            }
            errors.put(name, error);
        });
        return errors;
    }

    private static Map<String, double[]> means(Graph graph, List<LinearLayer> layers, ExampleSource inputs) {
        Map<String, double[]> sums = new HashMap<>();
        layers.forEach(layer -> sums.put(layer.result(), new double[layer.outFeatures()]));
        try (Engine engine =
                TestEngines.open(graph, EngineOptions.defaults().withOutputs(List.copyOf(sums.keySet())))) {
            for (int i = 0; i < inputs.size(); i++) {
                engine.run(inputs.get(i)).forEach((name, value) -> add(sums.get(name), value, inputs.size()));
            }
        }
        return sums;
    }

    private static void add(double[] sums, Tensor value, int examples) {
        float[] values = value.values();
        for (int i = 0; i < values.length; i++) {
            sums[i % sums.length] += values[i] / ((double) values.length / sums.length * examples);
        }
    }

    private static double norm(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }
}
