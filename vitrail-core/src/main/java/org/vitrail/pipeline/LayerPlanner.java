package org.vitrail.pipeline;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vitrail.block.LinearLayer;
import org.vitrail.block.Recognition;
import org.vitrail.capture.ActivationStatistics;
import org.vitrail.capture.TokenWeights;
import org.vitrail.compensate.BiasCorrection;
import org.vitrail.compensate.WeightRounding;
import org.vitrail.plan.LinearPlan;
import org.vitrail.quantizer.QuantizedWeight;
import org.vitrail.quantizer.RoundToNearest;
import org.vitrail.search.LayerQuantizers;
import org.vitrail.search.LayerSearch;
import org.vitrail.search.MassiveChannels;
import org.vitrail.work.Parallel;
import org.vitrail.work.Progress;

/**
 * Plans the linear layers: searches weight scales and input quantizers on calibration statistics of the layer inputs.
 */
final class LayerPlanner {
    private final Recognition recognition;
    private final QuantizationConfig config;
    private final Set<Bits> widths;
    private final Map<String, List<LinearLayer>> layersByInput = new LinkedHashMap<>();
    private final Map<PlanKey, LinearPlan> plans = new HashMap<>();

    /** A layer, identified by its output, at a bit width. */
    private record PlanKey(String layer, Bits bits) {}

    LayerPlanner(Recognition recognition, QuantizationConfig config, Set<Bits> widths) {
        this.recognition = recognition;
        this.config = config;
        this.widths = widths;
        for (LinearLayer layer : recognition.layers()) {
            if (layer.isRowProduct()) {
                layersByInput
                        .computeIfAbsent(layer.input(), key -> new ArrayList<>())
                        .add(layer);
            }
        }
    }

    /** Returns the values to observe and their channels: the inputs of the layers, in graph order. */
    Map<String, Integer> observed() {
        Map<String, Integer> channels = new LinkedHashMap<>();
        layersByInput.forEach(
                (input, layers) -> channels.put(input, layers.getFirst().inFeatures()));
        return channels;
    }

    /**
     * Returns, for each layer input, the value whose tokens weight it: the result of its first reader. Values of a
     * convolutional backbone have no tokens and are absent.
     */
    List<String> results() {
        return layersByInput.values().stream()
                .filter(layers -> layers.getFirst().role() != LinearLayer.Role.BACKBONE)
                .map(layers -> layers.getFirst().result())
                .toList();
    }

    /** Maps the token weights of {@link #results()} to the layer inputs that they belong to. */
    Map<String, TokenWeights> weightsOfInputs(Map<String, TokenWeights> weightsOfResults) {
        Map<String, TokenWeights> weights = new LinkedHashMap<>();
        layersByInput.forEach((input, layers) -> weights.put(
                input, weightsOfResults.getOrDefault(layers.getFirst().result(), TokenWeights.EVEN)));
        return weights;
    }

    /** Searches the layers that read these values, at every bit width. */
    void act(Map<String, ActivationStatistics> statistics, Progress progress) {
        List<String> inputs = List.copyOf(statistics.keySet());
        try (Progress.Stage stage = progress.begin("searching intervals", inputs.size())) {
            List<Map<PlanKey, LinearPlan>> found =
                    Parallel.map(inputs.size(), config.capture().threads(), i -> {
                        Map<PlanKey, LinearPlan> some =
                                search(layersByInput.get(inputs.get(i)), statistics.get(inputs.get(i)));
                        stage.step();
                        return some;
                    });
            found.forEach(plans::putAll);
        }
    }

    /** Returns the plans of all layers, in graph order, when the blocks have these bits. */
    List<LinearPlan> plans(Bits bits) {
        List<LinearPlan> chosen = new ArrayList<>();
        for (LinearLayer layer : recognition.layers()) {
            if (layer.isRowProduct()) {
                Bits own = config.bitsAt(isEdge(layersByInput.get(layer.input())), bits);
                chosen.add(plans.get(new PlanKey(layer.output(), own)));
            }
        }
        return chosen;
    }

    /** Plans a group of layers that read one value and share its quantizer. */
    private Map<PlanKey, LinearPlan> search(List<LinearLayer> layers, ActivationStatistics statistics) {
        List<Integer> massive = config.method().massiveChannels() ? MassiveChannels.find(statistics) : List.of();
        List<float[]> matrices =
                layers.stream().map(layer -> layer.matrix(recognition.graph())).toList();
        Map<Bits, LayerQuantizers> quantizers = new LinkedHashMap<>();
        widths.forEach(bits -> quantizers.computeIfAbsent(
                config.bitsAt(isEdge(layers), bits), own -> search(matrices, statistics, massive, own)));
        // One for all layers and widths, made when the searches are over: it may take as much memory as they.
        WeightRounding.Rounder rounder = config.method()
                .rounding()
                .rounder(
                        () -> MassiveChannels.clearGram(massive, statistics), statistics.channels(), statistics.rows());
        Map<PlanKey, LinearPlan> found = new HashMap<>();
        quantizers.forEach((bits, chosen) -> {
            for (int i = 0; i < layers.size(); i++) {
                float[] matrix = matrices.get(i);
                float[] integers = MassiveChannels.clearRows(massive, matrix, statistics.channels());
                QuantizedWeight codes = rounder.round(
                        integers, nearest(integers, chosen.scales().get(i), bits, statistics));
                String layer = layers.get(i).output();
                float[] correction = BiasCorrection.ofLayer(
                        config.method().biasCorrection(), statistics.sample(), chosen.input(), matrix, codes);
                found.put(new PlanKey(layer, bits), new LinearPlan(layer, chosen.input(), codes, correction));
            }
        });
        return found;
    }

    private LayerQuantizers search(
            List<float[]> matrices, ActivationStatistics statistics, List<Integer> massive, Bits bits) {
        return new LayerSearch(
                        config.method().search(), bits.weights(), bits.activations(), statistics, matrices, massive)
                .run();
    }

    private static QuantizedWeight nearest(float[] matrix, float[] scales, Bits bits, ActivationStatistics statistics) {
        int inputs = statistics.channels();
        return RoundToNearest.nearestSafe(matrix, inputs, matrix.length / inputs, scales, bits.weights());
    }

    private static boolean isEdge(List<LinearLayer> sharingInput) {
        return sharingInput.stream().anyMatch(layer -> layer.role().isEdge());
    }
}
