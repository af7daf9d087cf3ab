package org.vitrail.compensate;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.vitrail.engine.Engine;
import org.vitrail.engine.ExampleSource;
import org.vitrail.engine.RunContext;
import org.vitrail.graph.Graph;
import org.vitrail.subgraph.SequentialPass;
import org.vitrail.tensor.Tensor;
import org.vitrail.work.Progress;

/**
 * Measures the mean error that quantization adds to the outputs of layers: E[Ô − O] over the examples [P section 3.2],
 * Ô the output in the quantized model and O that in the float one. Layers are measured in graph order, each with the
 * quantized layers before it and their corrections in place, so that a correction also removes the error that the
 * corrections before it left.
 *
 * <p>The quantized graph is cut behind each layer and run by a {@link SequentialPass}, on the examples that it takes.
 */
public final class EmpiricalBiasCorrection {
    private final Graph original;
    private final Graph quantized;
    private final List<LayerOutput> layers;
    private final ExampleSource inputs;
    private final RunContext context;

    private EmpiricalBiasCorrection(
            Graph original, Graph quantized, List<LayerOutput> layers, ExampleSource inputs, RunContext context) {
        this.original = original;
        this.quantized = quantized;
        this.layers = List.copyOf(layers);
        this.inputs = inputs;
        this.context = context;
    }

    /**
     * Returns E[Ô − O] of each layer by its result, one number per output channel, to be subtracted.
     *
     * @param quantized the quantized graph without any correction
     * @param layers in graph order
     */
    public static Map<String, float[]> measure(
            Graph original, Graph quantized, List<LayerOutput> layers, ExampleSource inputs, RunContext context) {
        return new EmpiricalBiasCorrection(original, quantized, layers, inputs, context).measure();
    }

    private Map<String, float[]> measure() {
        Map<String, LayerOutput> byResult = new LinkedHashMap<>();
        layers.forEach(layer -> byResult.put(layer.result(), layer));
        SequentialPass pass = new SequentialPass(quantized, List.copyOf(byResult.keySet()), inputs, context);
        Map<String, float[]> corrections = new HashMap<>();
        try (Progress.Stage stage =
                context.progress().begin("measuring biases", pass.examples().size() + pass.steps())) {
            Map<String, double[]> expected = floatMeans(pass.examples(), stage);
            pass.run(
                    (outputs, examples) -> {
                        Map<String, UnaryOperator<Tensor>> changes = new HashMap<>();
                        outputs.stream().filter(byResult::containsKey).forEach(value -> {
                            LayerOutput layer = byResult.get(value);
                            float[] correction = difference(examples, layer, expected.get(value));
                            corrections.put(value, correction);
                            changes.put(value, output -> ChannelMean.minus(output, correction, layer));
                        });
                        return changes;
                    },
                    stage);
        }
        return corrections;
    }

    /** Returns E[O] of each layer's channels. */
    private Map<String, double[]> floatMeans(ExampleSource examples, Progress.Stage stage) {
        Map<String, ChannelMean> means = new LinkedHashMap<>();
        layers.forEach(layer -> means.put(layer.result(), new ChannelMean(layer)));
        try (Engine engine = context.open(original, List.copyOf(means.keySet()))) {
            context.runner()
                    .run(List.of(engine), examples, run -> parts(run.outputs().getFirst(), means), parts -> {
                        parts.forEach((name, part) -> means.get(name).add(part));
                        stage.step();
                    });
        }
        return means.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().get()));
    }

    /** Returns the sums of one example; the means give the layout of their layers and are not changed. */
    private static Map<String, ChannelMean.Part> parts(Map<String, Tensor> values, Map<String, ChannelMean> means) {
        Map<String, ChannelMean.Part> parts = new HashMap<>();
        values.forEach((name, value) -> parts.put(name, means.get(name).of(value)));
        return parts;
    }

    private static float[] difference(List<Map<String, Tensor>> held, LayerOutput layer, double[] expected) {
        ChannelMean mean = new ChannelMean(layer);
        held.forEach(values -> mean.add(mean.of(values.get(layer.result()))));
        double[] found = mean.get();
        float[] difference = new float[found.length];
        for (int n = 0; n < found.length; n++) {
            difference[n] = (float) (found[n] - expected[n]);
        }
        return difference;
    }
}
