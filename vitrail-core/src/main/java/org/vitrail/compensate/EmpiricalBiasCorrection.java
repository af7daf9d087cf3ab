package org.vitrail.compensate;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.vitrail.engine.Engine;
import org.vitrail.engine.ExampleSource;
import org.vitrail.engine.RunContext;
import org.vitrail.graph.Graph;
import org.vitrail.subgraph.GraphSegment;
import org.vitrail.subgraph.SegmentBoundary;
import org.vitrail.tensor.Tensor;
import org.vitrail.work.Parallel;
import org.vitrail.work.Progress;

/**
 * Measures the mean error that quantization adds to the outputs of layers: E[Ô − O] over the examples [P section 3.2],
 * Ô the output in the quantized model and O that in the float one. Layers are measured in graph order, each with the
 * quantized layers before it and their corrections in place, so that a correction also removes the error that the
 * corrections before it left.
 *
 * <p>The quantized graph is cut behind each layer (layers side by side share a stop) and run stretch by stretch, so that
 * all of it costs one run of the model for each example. What lies between two stretches is kept in memory; where the
 * context's budget is too small for all examples, the first ones are taken.
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
        List<GraphSegment> stretches =
                GraphSegment.cut(quantized, GraphSegment.sideBySide(quantized, List.copyOf(byResult.keySet())));
        SegmentBoundary between = SegmentBoundary.of(quantized, stretches, inputs.get(0), context);
        int examples = (int) Math.max(1, Math.min(inputs.size(), context.heldBytes() / between.bytes()));
        try (Progress.Stage stage = context.progress().begin("measuring biases", examples * (stretches.size() + 1))) {
            Map<String, double[]> expected = floatMeans(examples, stage);
            Map<String, float[]> corrections = new HashMap<>();
            List<Map<String, Tensor>> held = Parallel.map(examples, context.threads(), i -> Map.of());
            for (int s = 0; s < stretches.size(); s++) {
                GraphSegment stretch = stretches.get(s);
                held = run(stretch, held, between, stage);
                Map<String, float[]> found = new HashMap<>();
                for (String value : stretch.outputs()) {
                    if (byResult.containsKey(value)) {
                        found.put(value, difference(held, byResult.get(value), expected.get(value)));
                    }
                }
                corrections.putAll(found);
                Set<String> readLater = SegmentBoundary.readAfter(stretches, s);
                held = held.stream()
                        .map(values -> corrected(values, readLater, found, byResult))
                        .toList();
            }
            return corrections;
        }
    }

    /** Returns the values of every example behind this segment. */
    private List<Map<String, Tensor>> run(
            GraphSegment stretch, List<Map<String, Tensor>> held, SegmentBoundary between, Progress.Stage stage) {
        Graph graph = stretch.graph(quantized, between.values());
        try (Engine engine = context.open(graph)) {
            return Parallel.map(held.size(), context.threads(), i -> {
                Map<String, Tensor> all = new HashMap<>(held.get(i));
                Map<String, Tensor> fed = new HashMap<>();
                Map<String, Tensor> own = all.keySet().containsAll(stretch.inputs()) ? Map.of() : inputs.get(i);
                engine.inputs().forEach(name -> fed.put(name, all.getOrDefault(name, own.get(name))));
                all.putAll(engine.run(fed));
                stage.step();
                return all;
            });
        }
    }

    /** Returns E[O] of each layer's channels. */
    private Map<String, double[]> floatMeans(int examples, Progress.Stage stage) {
        Map<String, ChannelMean> means = new LinkedHashMap<>();
        layers.forEach(layer -> means.put(layer.result(), new ChannelMean(layer)));
        try (Engine engine = context.open(original, List.copyOf(means.keySet()))) {
            for (int from = 0; from < examples; from += context.threads()) {
                int first = from;
                for (Map<String, ChannelMean.Part> parts :
                        Parallel.map(Math.min(context.threads(), examples - from), context.threads(), i -> {
                            Map<String, ChannelMean.Part> ofOne = new HashMap<>();
                            engine.run(inputs.get(first + i))
                                    .forEach((name, value) ->
                                            ofOne.put(name, means.get(name).of(value)));
                            stage.step();
                            return ofOne;
                        })) {
                    parts.forEach((name, part) -> means.get(name).add(part));
                }
            }
        }
        return means.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().get()));
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

    /** Returns the values that later segments read, with the corrections subtracted. */
    private static Map<String, Tensor> corrected(
            Map<String, Tensor> values,
            Set<String> readLater,
            Map<String, float[]> corrections,
            Map<String, LayerOutput> byResult) {
        Map<String, Tensor> kept = new HashMap<>();
        values.forEach((name, value) -> {
            if (readLater.contains(name)) {
                kept.put(
                        name,
                        corrections.containsKey(name)
                                ? ChannelMean.minus(value, corrections.get(name), byResult.get(name))
                                : value);
            }
        });
        return kept;
    }
}
