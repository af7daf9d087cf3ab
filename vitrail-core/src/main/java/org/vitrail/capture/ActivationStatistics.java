package org.vitrail.capture;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.vitrail.linalg.LinearAlgebra;
import org.vitrail.tensor.Tensor;

/**
 * The calibration statistics of one value X [tokens × channels]: minima, maxima, sums and the Gram matrix over all
 * tokens, each with its weight, and a sample of whole rows. Statistics of parts merge into those of the whole, in
 * bounded memory for any number of images (METHOD.md, section 2).
 *
 * <p>Returned arrays are internal and not to be written to.
 */
public final class ActivationStatistics {
    private final int channels;
    private final float[] least;
    private final float[] most;
    private final double[] sums;
    private final float[] gram;
    private long rows;
    private double weight;
    private float[] sample;
    private float[] sampleWeights;
    private int sampled;
    private int[] exampleEnds = new int[0];

    private ActivationStatistics(int channels) {
        this.channels = channels;
        this.least = new float[channels];
        this.most = new float[channels];
        this.sums = new double[channels];
        this.gram = new float[Math.multiplyExact(channels, channels)];
        this.sample = new float[0];
        this.sampleWeights = new float[0];
        Arrays.fill(least, Float.POSITIVE_INFINITY);
        Arrays.fill(most, Float.NEGATIVE_INFINITY);
    }

    public static ActivationStatistics empty(int channels) {
        return new ActivationStatistics(channels);
    }

    /**
     * Returns the statistics of one example.
     *
     * @param channels the extent of the value's last axis; or 1, to treat it as single numbers
     * @param sampleRows approximate number of rows to keep: all that weigh more than one, and others chosen by
     * {@code random}
     */
    public static ActivationStatistics of(
            Tensor value, int channels, int sampleRows, TokenWeights weights, RandomGenerator random) {
        if (channels != 1 && channels != value.extent(-1)) {
            throw new IllegalArgumentException(value + " does not end in " + channels + " channels");
        }
        ActivationStatistics statistics = new ActivationStatistics(channels);
        float[] values = value.values();
        int rows = values.length / channels;
        statistics.rows = rows;
        float[] weighted = new float[values.length];
        for (int row = 0, i = 0; row < rows; row++) {
            float weight = weights.of(row, rows);
            statistics.weight += weight;
            for (int c = 0; c < channels; c++, i++) {
                float x = values[i];
                statistics.least[c] = Math.min(statistics.least[c], x);
                statistics.most[c] = Math.max(statistics.most[c], x);
                statistics.sums[c] += (double) weight * x;
                weighted[i] = weight * x;
            }
        }
        float[] gram = LinearAlgebra.multiplyTransposed(values, weighted, rows, channels, channels);
        System.arraycopy(gram, 0, statistics.gram, 0, gram.length);
        statistics.keepRows(values, rows, sampleRows, weights, random);
        statistics.exampleEnds = new int[] {statistics.sampled};
        return statistics;
    }

    /** Keeps the rows that weigh more than one, and a random choice of the others, which then stand for all of them. */
    private void keepRows(float[] values, int rows, int wanted, TokenWeights weights, RandomGenerator random) {
        int special = 0;
        for (int row = 0; row < rows; row++) {
            special += weights.of(row, rows) > 1 ? 1 : 0;
        }
        int ordinary = Math.min(rows - special, Math.max(wanted - special, Math.min(wanted, 1)));
        float share = ordinary == 0 ? 0 : (float) (rows - special) / ordinary;
        sampled = special + ordinary;
        sample = new float[sampled * channels];
        sampleWeights = new float[sampled];
        int kept = 0;
        int ordinaryLeft = rows - special;
        int toKeep = ordinary;
        for (int row = 0; row < rows; row++) {
            float weight = weights.of(row, rows);
            boolean keep = weight > 1 || random.nextInt(ordinaryLeft--) < toKeep;
            if (keep) {
                toKeep -= weight > 1 ? 0 : 1;
                sampleWeights[kept] = weight > 1 ? weight : share;
                System.arraycopy(values, row * channels, sample, kept++ * channels, channels);
            }
        }
    }

    /** Adds the statistics of further examples of the same value. */
    public void add(ActivationStatistics more) {
        if (more.channels != channels) {
            throw new IllegalArgumentException(
                    "statistics of " + channels + " channels cannot take " + more.channels + " channels");
        }
        rows += more.rows;
        weight += more.weight;
        for (int c = 0; c < channels; c++) {
            least[c] = Math.min(least[c], more.least[c]);
            most[c] = Math.max(most[c], more.most[c]);
            sums[c] += more.sums[c];
        }
        for (int i = 0; i < gram.length; i++) {
            gram[i] += more.gram[i];
        }
        if (sampleWeights.length < sampled + more.sampled) {
            int room = Math.max(2 * sampled, sampled + more.sampled);
            sample = Arrays.copyOf(sample, room * channels);
            sampleWeights = Arrays.copyOf(sampleWeights, room);
        }
        int examples = exampleEnds.length;
        exampleEnds = Arrays.copyOf(exampleEnds, examples + more.exampleEnds.length);
        for (int i = 0; i < more.exampleEnds.length; i++) {
            exampleEnds[examples + i] = sampled + more.exampleEnds[i];
        }
        System.arraycopy(more.sample, 0, sample, sampled * channels, more.sampled * channels);
        System.arraycopy(more.sampleWeights, 0, sampleWeights, sampled, more.sampled);
        sampled += more.sampled;
    }

    public int channels() {
        return channels;
    }

    /** Returns the number of tokens, over all examples. */
    public long rows() {
        return rows;
    }

    /** Returns the smallest value of each channel. */
    public float[] least() {
        return least;
    }

    /** Returns the largest value of each channel. */
    public float[] most() {
        return most;
    }

    /** Returns the weighted mean of one channel. */
    public double mean(int channel) {
        return sums[channel] / weight;
    }

    /** Returns Xᵀ·diag(w)·X over all tokens, w their weights, [channels × channels]. */
    public float[] gram() {
        return gram;
    }

    /** Returns a copy of the rows that were kept. */
    public RowSample sample() {
        return new RowSample(
                channels,
                Arrays.copyOf(sample, sampled * channels),
                Arrays.copyOf(sampleWeights, sampled),
                exampleEnds.clone());
    }

    /** Returns the largest magnitude of one channel. */
    public float peak(int channel) {
        return Math.max(Math.abs(least[channel]), Math.abs(most[channel]));
    }

    public boolean isFinite() {
        for (int c = 0; c < channels; c++) {
            if (!Float.isFinite(least[c]) || !Float.isFinite(most[c])) {
                return false;
            }
        }
        return true;
    }
}
