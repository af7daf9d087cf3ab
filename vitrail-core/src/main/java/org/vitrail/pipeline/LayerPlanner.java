package org.vitrail.pipeline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vitrail.block.LinearLayer;
import org.vitrail.block.Recognition;
import org.vitrail.capture.ActivationStatistics;
import org.vitrail.capture.RowSample;
import org.vitrail.capture.TokenWeights;
import org.vitrail.compensate.BiasCorrection;
import org.vitrail.compensate.BitSplit;
import org.vitrail.compensate.GptqRounding;
import org.vitrail.plan.LinearPlan;
import org.vitrail.quantizer.LayerInputQuantizer;
import org.vitrail.quantizer.QuantizedWeight;
import org.vitrail.quantizer.RoundToNearest;
import org.vitrail.search.LayerQuantizers;
import org.vitrail.search.LayerSearch;
import org.vitrail.search.MassiveChannels;
import org.vitrail.work.Parallel;
import org.vitrail.work.Progress;

/** Plans the linear layers from the statistics of what they read. */
final class LayerPlanner {
    private final Recognition recognition;
    private final QuantizationConfig config;
    private final Set<Bits> widths;
    private final Map<String, List<LinearLayer>> layersByInput = new LinkedHashMap<>();
    private final Map<PlanKey, LinearPlan> plans = new HashMap<>();

    /** A layer by its output, and its bits. */
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

    /** The values to observe and their channels: what the layers read, in graph order. */
    Map<String, Integer> observed() {
        Map<String, Integer> channels = new LinkedHashMap<>();
        layersByInput.forEach(
                (input, layers) -> channels.put(input, layers.getFirst().inFeatures()));
        return channels;
    }

    /**
     * The value by whose tokens each layer input is weighted: the result of its first reader. A backbone works on a
     * picture and has no tokens yet.
     */
    List<String> results() {
        return layersByInput.values().stream()
                .filter(layers -> layers.getFirst().role() != LinearLayer.Role.BACKBONE)
                .map(layers -> layers.getFirst().result())
                .toList();
    }

    /** The weights of {@link #results()} given to the layer inputs behind them. */
    Map<String, TokenWeights> weightsOfInputs(Map<String, TokenWeights> weightsOfResults) {
        Map<String, TokenWeights> weights = new LinkedHashMap<>();
        layersByInput.forEach((input, layers) -> weights.put(
                input, weightsOfResults.getOrDefault(layers.getFirst().result(), TokenWeights.EVEN)));
        return weights;
    }

    /** Searches the layers that read these values, at every width. */
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

    /** The plans of all layers, in graph order, when the blocks have these bits. */
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

    /** The layers that read one value share its quantizer. */
    private Map<PlanKey, LinearPlan> search(List<LinearLayer> layers, ActivationStatistics statistics) {
        List<Integer> massive = config.method().massiveChannels() ? MassiveChannels.find(statistics) : List.of();
        List<float[]> matrices =
                layers.stream().map(layer -> layer.matrix(recognition.graph())).toList();
        Map<Bits, LayerQuantizers> quantizers = new LinkedHashMap<>();
        widths.forEach(bits -> quantizers.computeIfAbsent(
                config.bitsAt(isEdge(layers), bits), own -> search(matrices, statistics, massive, own)));
        // One for all layers and widths, made when the searches are over: it may take as much memory as they.
        Rounder rounder = rounder(statistics, massive);
        Map<PlanKey, LinearPlan> found = new HashMap<>();
        quantizers.forEach((bits, chosen) -> {
            for (int i = 0; i < layers.size(); i++) {
                float[] matrix = matrices.get(i);
                float[] integers = without(massive, matrix, statistics.channels());
                QuantizedWeight codes = rounder.round(
                        integers, nearest(integers, chosen.scales().get(i), bits, statistics));
                String layer = layers.get(i).output();
                found.put(new PlanKey(layer, bits), plan(layer, matrix, chosen.input(), codes, statistics));
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

    private LinearPlan plan(
            String layer,
            float[] matrix,
            LayerInputQuantizer input,
            QuantizedWeight codes,
            ActivationStatistics statistics) {
        RowSample sample = statistics.sample();
        float[] correction = switch (config.method().biasCorrection()) {
            case NONE, EMPIRICAL -> new float[0];
            case ANALYTIC -> meanError(matrix, codes, input, sample, sample.weights());
            case RELATIVE ->
                meanError(
                        matrix,
                        codes,
                        input,
                        sample,
                        BiasCorrection.evenly(sample.values(), sample.weights(), sample.channels()));
        };
        return new LinearPlan(layer, input, codes, correction);
    }

    /** Gives a matrix its codes, from the nearest ones. */
    private interface Rounder {
        QuantizedWeight round(float[] matrix, QuantizedWeight nearest);
    }

    private Rounder rounder(ActivationStatistics statistics, List<Integer> massive) {
        return switch (config.method().rounding()) {
            case NEAREST -> (matrix, nearest) -> nearest;
            case COMPENSATED ->
                new GptqRounding(without(massive, statistics), statistics.channels(), statistics.rows())::round;
            case BIT_SPLIT -> {
                float[] gram = without(massive, statistics);
                yield (matrix, nearest) -> BitSplit.round(matrix, gram, nearest);
            }
        };
    }

    private static QuantizedWeight nearest(float[] matrix, float[] scales, Bits bits, ActivationStatistics statistics) {
        int inputs = statistics.channels();
        return RoundToNearest.nearestSafe(matrix, inputs, matrix.length / inputs, scales, bits.weights());
    }

    /** The matrix without the rows of massive channels. */
    private static float[] without(List<Integer> massive, float[] matrix, int inputs) {
        int outputs = matrix.length / inputs;
        float[] rest = matrix.clone();
        massive.forEach(channel -> Arrays.fill(rest, channel * outputs, (channel + 1) * outputs, 0f));
        return rest;
    }

    /** The Gram matrix of the channels that the integer product reads: massive ones would drown them. */
    private static float[] without(List<Integer> massive, ActivationStatistics statistics) {
        int channels = statistics.channels();
        float[] gram = statistics.gram().clone();
        for (int channel : massive) {
            Arrays.fill(gram, channel * channels, (channel + 1) * channels, 0f);
            for (int row = 0; row < channels; row++) {
                gram[row * channels + channel] = 0;
            }
        }
        return gram;
    }

    private static float[] meanError(
            float[] matrix, QuantizedWeight codes, LayerInputQuantizer input, RowSample sample, float[] rowWeights) {
        float[] quantized = codes.dequantize();
        for (int channel : input.massiveChannels()) {
            System.arraycopy(matrix, channel * codes.columns(), quantized, channel * codes.columns(), codes.columns());
        }
        return BiasCorrection.meanError(sample.values(), rowWeights, sample.channels(), input, matrix, quantized);
    }

    private static boolean isEdge(List<LinearLayer> sharingInput) {
        return sharingInput.stream().anyMatch(LayerPlanner::isEdge);
    }

    /** Whether a layer is the first or the last of a model, which keep more bits than those between. */
    static boolean isEdge(LinearLayer layer) {
        return switch (layer.role()) {
            case PATCH_EMBEDDING, HEAD -> true;
            case BACKBONE,
                    QUERY,
                    KEY,
                    VALUE,
                    QUERY_KEY,
                    KEY_VALUE,
                    QUERY_KEY_VALUE,
                    HEAD_MIXING,
                    PROJECTION,
                    MLP_EXPAND,
                    MLP_GATE,
                    MLP_CONTRACT,
                    MERGE,
                    POOLING_SCORE,
                    OTHER -> false;
        };
    }
}
