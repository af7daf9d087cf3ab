package org.vitrail.search;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.vitrail.capture.Statistics;
import org.vitrail.quantizer.AffineQuantizer;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.quantizer.Granularity;
import org.vitrail.quantizer.Grid;
import org.vitrail.quantizer.Rounding;
import org.vitrail.quantizer.RowQuantizer;
import org.vitrail.quantizer.Symmetry;
import org.vitrail.quantizer.WeightCodes;

/**
 * The alternating search of one linear layer [P section 3.2]: fix the input's quantizer and choose the weight scales,
 * fix the weight and choose the input's quantizer, until nothing changes.
 */
public final class LayerSearch {
    private final SearchConfig config;
    private final BitWidth weightBits;
    private final BitWidth inputBits;
    private final float[] weights;
    private final int inputs;
    private final int outputs;
    private final List<Integer> massive;
    private final Optional<RowQuantizer.Massive> massiveQuantizer;
    private final float[] x;
    private final Interval interval;
    private final float[] initialScales;
    private final LayerOutputs layer;

    /**
     * @param weights [inputs × outputs], row-major
     * @param massive channels with a quantizer of their own
     */
    public LayerSearch(
            SearchConfig config,
            BitWidth weightBits,
            BitWidth inputBits,
            Statistics statistics,
            float[] weights,
            int outputs,
            List<Integer> massive) {
        this.config = config;
        this.weightBits = weightBits;
        this.inputBits = inputBits;
        this.weights = weights;
        this.inputs = statistics.channels();
        this.outputs = outputs;
        this.massive = massive;
        this.massiveQuantizer = massiveQuantizer(statistics);
        this.x = statistics.sample();
        this.interval = initialInterval(statistics);
        this.initialScales = initialScales();
        this.layer = new LayerOutputs(x, statistics.sampledRows(), weights, inputs, outputs);
    }

    public LayerQuantizers run() {
        int[] weightChoice = new int[initialScales.length];
        Arrays.fill(weightChoice, config.weightCandidates().unscaled());
        AffineQuantizer input = interval.quantizer(inputBits, config.activations());
        WeightCodes codes = codes(initialScales);
        for (int round = 0; round < config.rounds() && config.scope() != SearchConfig.Scope.NONE; round++) {
            int[] newChoice = bestWeights(input);
            WeightCodes newCodes = codes(scales(newChoice));
            AffineQuantizer newInput = bestInput(effective(newCodes));
            boolean settled = newInput.equals(input) && Arrays.equals(newChoice, weightChoice);
            weightChoice = newChoice;
            codes = newCodes;
            input = newInput;
            if (settled) {
                break;
            }
        }
        RowQuantizer rows = rows(input);
        float[] effective = effective(codes);
        return new LayerQuantizers(
                rows,
                codes,
                layer.meanError(rows, effective),
                config.similarity().score(layer.ofInput(rows, effective)));
    }

    /** The best candidate for each weight scale while the input stays as it is. */
    private int[] bestWeights(AffineQuantizer input) {
        LayerOutputs.Weights judge = config.scope() == SearchConfig.Scope.OUTPUT ? layer.weights(rows(input)) : null;
        Candidates candidates = config.weightCandidates();
        if (config.weights() == Granularity.PER_TENSOR) {
            int best = candidates.best(candidate -> {
                Moments all = Moments.NONE;
                for (Moments column : weightMoments(judge, candidate)) {
                    all = all.plus(column);
                }
                return config.similarity().score(all);
            });
            return new int[] {best};
        }
        int[] best = new int[outputs];
        double[] bestScore = new double[outputs];
        Arrays.fill(bestScore, Double.NEGATIVE_INFINITY);
        for (int candidate = 0; candidate < candidates.count(); candidate++) {
            Moments[] columns = weightMoments(judge, candidate);
            for (int n = 0; n < outputs; n++) {
                double score = config.similarity().score(columns[n]);
                if (score > bestScore[n]) {
                    best[n] = candidate;
                    bestScore[n] = score;
                }
            }
        }
        return best;
    }

    /** The moments of each output channel when every weight scale takes the same candidate. */
    private Moments[] weightMoments(LayerOutputs.Weights judge, int candidate) {
        int[] choice = new int[initialScales.length];
        Arrays.fill(choice, candidate);
        float[] effective = effective(codes(scales(choice)));
        if (judge != null) {
            return judge.of(effective);
        }
        Moments[] columns = new Moments[outputs];
        for (int n = 0; n < outputs; n++) {
            columns[n] = Moments.of(column(weights, n), column(effective, n));
        }
        return columns;
    }

    private float[] column(float[] matrix, int n) {
        float[] column = new float[inputs];
        for (int k = 0; k < inputs; k++) {
            column[k] = matrix[k * outputs + n];
        }
        return column;
    }

    /** The best input quantizer while the weight stays: one factor for both ends, then each end by itself. */
    private AffineQuantizer bestInput(float[] effective) {
        Candidates candidates = config.activationCandidates();
        double both = candidates.factor(candidates.best(i -> {
            double factor = candidates.factor(i);
            return inputScore(factor, factor, effective);
        }));
        if (config.activations() == Symmetry.SYMMETRIC) {
            return interval.scaled(both, both).quantizer(inputBits, config.activations());
        }
        double high = candidates.factor(candidates.best(i -> inputScore(both, candidates.factor(i), effective)));
        double low = candidates.factor(candidates.best(i -> inputScore(candidates.factor(i), high, effective)));
        return interval.scaled(low, high).quantizer(inputBits, config.activations());
    }

    private double inputScore(double lowFactor, double highFactor, float[] effective) {
        AffineQuantizer input = interval.scaled(lowFactor, highFactor).quantizer(inputBits, config.activations());
        Moments moments = config.scope() == SearchConfig.Scope.OUTPUT
                ? layer.ofInput(rows(input), effective)
                : Moments.of(x, rows(input).apply(x, inputs));
        return config.similarity().score(moments);
    }

    private RowQuantizer rows(AffineQuantizer main) {
        return new RowQuantizer(main, massiveQuantizer);
    }

    private Optional<RowQuantizer.Massive> massiveQuantizer(Statistics statistics) {
        if (massive.isEmpty()) {
            return Optional.empty();
        }
        double low =
                massive.stream().mapToDouble(c -> statistics.least()[c]).min().orElseThrow();
        double high =
                massive.stream().mapToDouble(c -> statistics.most()[c]).max().orElseThrow();
        return Optional.of(new RowQuantizer.Massive(massive, AffineQuantizer.ofRange(low, high, inputBits.unsigned())));
    }

    private Interval initialInterval(Statistics statistics) {
        if (config.quantile() < 1) {
            return Interval.ofQuantile(x, config.quantile());
        }
        double low = 0;
        double high = 0;
        for (int c = 0; c < inputs; c++) {
            if (!massive.contains(c)) {
                low = Math.min(low, statistics.least()[c]);
                high = Math.max(high, statistics.most()[c]);
            }
        }
        return new Interval(low, high);
    }

    /** Δ = max|·| / (2^(b−1) − 1), over a channel or the whole matrix; channels of zeros get the scale 1. */
    private float[] initialScales() {
        float[] peaks = new float[config.weights() == Granularity.PER_TENSOR ? 1 : outputs];
        for (int i = 0; i < weights.length; i++) {
            if (!massive.contains(i / outputs)) {
                int channel = peaks.length == 1 ? 0 : i % outputs;
                peaks[channel] = Math.max(peaks[channel], Math.abs(weights[i]));
            }
        }
        Grid grid = weightBits.symmetric();
        for (int c = 0; c < peaks.length; c++) {
            peaks[c] = peaks[c] > 0 ? Math.max(peaks[c] / grid.highest(), Float.MIN_NORMAL) : 1;
        }
        return peaks;
    }

    private float[] scales(int[] choice) {
        float[] scales = new float[initialScales.length];
        for (int c = 0; c < scales.length; c++) {
            scales[c] = (float) (initialScales[c] * config.weightCandidates().factor(choice[c]));
        }
        return scales;
    }

    private WeightCodes codes(float[] scales) {
        float[] quantizable = weights;
        if (!massive.isEmpty()) {
            quantizable = weights.clone();
            for (int channel : massive) {
                Arrays.fill(quantizable, channel * outputs, (channel + 1) * outputs, 0f);
            }
        }
        return Rounding.nearestSafe(quantizable, inputs, outputs, scales, weightBits);
    }

    /** Ŵ with the float rows of massive channels in their place. */
    private float[] effective(WeightCodes codes) {
        float[] effective = codes.dequantize();
        for (int channel : massive) {
            System.arraycopy(weights, channel * outputs, effective, channel * outputs, outputs);
        }
        return effective;
    }
}
