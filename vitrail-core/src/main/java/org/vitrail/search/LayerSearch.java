package org.vitrail.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.vitrail.capture.ActivationStatistics;
import org.vitrail.capture.RowSample;
import org.vitrail.quantizer.AffineQuantizer;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.quantizer.Granularity;
import org.vitrail.quantizer.LayerInputQuantizer;

/**
 * Searches the quantizers of the linear layers that read one value, by alternation [P section 3.2]: fixes the input's
 * quantizer and chooses the weight scales, fixes the weights and chooses the input's quantizer, until nothing changes.
 * Layers that share their input (separate query, key and value) share its quantizer and are searched as one wide layer.
 */
public final class LayerSearch {
    /**
     * Most multiply-adds to evaluate one candidate where outputs are judged image by image, and so are multiplied out
     * for each; rows beyond that are left out. The limit applies from 768 × 768 weights on; with as few rows as it
     * leaves there, the search on DeiT-Tiny's layers gives equally good results.
     */
    private static final int MAX_MULTIPLY_ADDS_PER_EVALUATION = 1 << 29;

    private final SearchConfig config;
    private final BitWidth inputBits;
    private final WeightMatrix weights;
    private final int inputs;
    private final float[] x;
    private final CandidateSearch scaleSearch;
    private final ClippingRangeSearch inputSearch;
    private final Optional<LayerInputQuantizer.Massive> massive;
    private final LayerOutputs layer;
    /** Evaluates weights for the input quantizer at the time they were last chosen. */
    private Optional<Function<float[], Moments[][]>> ofWeights = Optional.empty();
    /** Evaluates inputs for the weights at the time they were last chosen. */
    private Optional<Function<LayerInputQuantizer, List<Moments>>> ofInputs = Optional.empty();

    /**
     * @param statistics statistics of the input X
     * @param matrices one per layer, [inputs × its outputs], row-major
     * @param massive input channels with a separate quantizer
     */
    public LayerSearch(
            SearchConfig config,
            BitWidth weightBits,
            BitWidth inputBits,
            ActivationStatistics statistics,
            List<float[]> matrices,
            List<Integer> massive) {
        this.config = config;
        this.inputBits = inputBits;
        this.inputs = statistics.channels();
        this.weights = new WeightMatrix(matrices, inputs, config.weights().granularity(), weightBits, massive);
        RowSample sample = statistics.sample();
        this.x = sample.values();
        this.massive = massiveQuantizer(statistics, massive);
        this.scaleSearch = switch (config.weights().granularity()) {
            case PER_TENSOR -> CandidateSearch.following(config.weights().candidates());
            // Among so many channels one has always moved: looking near the last choices would save nothing.
            case PER_CHANNEL -> CandidateSearch.everywhere(config.weights().candidates());
        };
        this.inputSearch = new ClippingRangeSearch(
                initialRange(statistics, massive),
                inputBits,
                config.activations().symmetry(),
                config.activations().candidates());
        this.layer = switch (config.objective().aggregation()) {
            case PER_IMAGE -> {
                RowSample some = sample.thinned(
                        MAX_MULTIPLY_ADDS_PER_EVALUATION / Math.multiplyExact(inputs, weights.outputs()));
                yield outputs(some, some.exampleEnds());
            }
            case POOLED -> outputs(sample, new int[] {sample.rows()});
        };
    }

    private LayerOutputs outputs(RowSample sample, int[] unitEnds) {
        return new LayerOutputs(
                sample.values(), sample.weights(), unitEnds, weights.original(), inputs, weights.outputs());
    }

    public LayerQuantizers run() {
        int rounds = switch (config.objective().scope()) {
            case NONE -> 0;
            case TENSOR -> 1; // Neither depends on the other.
            case OUTPUT -> config.rounds();
        };
        AlternatingSearch<float[], AffineQuantizer> found = new AlternatingSearch<>(
                        weights.initialScales(), inputSearch.initial())
                .run(rounds, this::bestScales, this::bestInput);
        LayerInputQuantizer rows = rows(found.second());
        float[] quantized = weights.quantized(found.first());
        return new LayerQuantizers(rows, split(found.first()), score(layer.ofInput(rows, quantized)));
    }

    /** Returns the best scale of each group of weights for a fixed input. */
    private float[] bestScales(AffineQuantizer input, boolean moved) {
        if (moved || ofWeights.isEmpty()) {
            ofWeights = Optional.of(
                    config.objective().scope() == Objective.Scope.OUTPUT
                            ? layer.weights(rows(input), weights.groupEnds())
                            : quantized -> new Moments[][] {weights.moments(quantized)});
        }
        Function<float[], Moments[][]> moments = ofWeights.get();
        int[] choice = scaleSearch.best(weights.groups(), moved, candidate -> {
            Moments[][] found = moments.apply(
                    weights.quantized(weights.scales(candidate, config.weights().candidates())));
            double[] scores = new double[weights.groups()];
            for (int g = 0; g < scores.length; g++) {
                int group = g;
                scores[g] = score(Arrays.stream(found).map(unit -> unit[group]).toList());
            }
            return scores;
        });
        return weights.scales(choice, config.weights().candidates());
    }

    /** Returns the best input quantizer for fixed weights. */
    private AffineQuantizer bestInput(float[] scales, boolean moved) {
        if (moved || ofInputs.isEmpty()) {
            ofInputs = Optional.of(
                    config.objective().scope() == Objective.Scope.OUTPUT
                            ? layer.inputs(weights.quantized(scales))
                            : rows -> List.of(Moments.of(x, rows.apply(x, inputs))));
        }
        Function<LayerInputQuantizer, List<Moments>> moments = ofInputs.get();
        return inputSearch.best(moved, quantizer -> score(moments.apply(rows(quantizer))));
    }

    private double score(List<Moments> units) {
        return config.objective().score(units);
    }

    private LayerInputQuantizer rows(AffineQuantizer main) {
        return new LayerInputQuantizer(main, massive);
    }

    private Optional<LayerInputQuantizer.Massive> massiveQuantizer(
            ActivationStatistics statistics, List<Integer> channels) {
        if (channels.isEmpty()) {
            return Optional.empty();
        }
        double low = 0;
        double high = 0;
        for (int channel : channels) {
            low = Math.min(low, statistics.least()[channel]);
            high = Math.max(high, statistics.most()[channel]);
        }
        return Optional.of(
                new LayerInputQuantizer.Massive(channels, AffineQuantizer.ofRange(low, high, inputBits.unsigned())));
    }

    private ClippingRange initialRange(ActivationStatistics statistics, List<Integer> massiveChannels) {
        if (config.activations().quantile() < 1) {
            return ClippingRange.ofQuantile(x, config.activations().quantile());
        }
        double low = 0;
        double high = 0;
        for (int c = 0; c < inputs; c++) {
            if (!massiveChannels.contains(c)) {
                low = Math.min(low, statistics.least()[c]);
                high = Math.max(high, statistics.most()[c]);
            }
        }
        return new ClippingRange(low, high);
    }

    /** Returns the scales of each layer. */
    private List<float[]> split(float[] scales) {
        List<float[]> layers = new ArrayList<>();
        for (WeightMatrix.Columns columns : weights.layers()) {
            int end = config.weights().granularity() == Granularity.PER_TENSOR ? columns.from() + 1 : columns.to();
            layers.add(Arrays.copyOfRange(scales, columns.from(), end));
        }
        return layers;
    }
}
