package org.vitrail.capture;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.vitrail.linalg.LinearAlgebra;
import org.vitrail.tensor.Tensor;

/**
 * The statistics that calibration keeps of one value X [tokens × channels]: extremes, weighted sums and the Gram matrix
 * over all tokens seen, and a sample of whole rows. Memory is bounded whatever the number of images (docs/method.md).
 *
 * <p>Statistics merge exactly: those of any split of the numbered examples, merged in any order, are the same to the bit
 * ({@link BlockedSum}). {@link StatisticsFile} has their wire form.
 *
 * <p>Returned arrays are internal and not to be written to.
 */
public final class ActivationStatistics {
    private final int channels;
    private final float[] least;
    private final float[] most;
    private final BlockedSum<Sums> sums = new BlockedSum<>(Sums::plus);
    private final TreeMap<Long, Rows> samples = new TreeMap<>();
    private Sums total;

    /**
     * Sums over the tokens of some examples.
     *
     * @param gram Xᵀ·diag(w)·X, [channels × channels]
     * @param weighted Σ w·x of each channel
     * @param counts number of tokens, and the sum of their weights
     */
    record Sums(float[] gram, double[] weighted, double[] counts) {
        static Sums empty(int channels) {
            return new Sums(new float[Math.multiplyExact(channels, channels)], new double[channels], new double[2]);
        }

        /** Adds another's sums to these. */
        private Sums plus(Sums more) {
            for (int i = 0; i < gram.length; i++) {
                gram[i] += more.gram[i];
            }
            for (int c = 0; c < weighted.length; c++) {
                weighted[c] += more.weighted[c];
            }
            for (int i = 0; i < counts.length; i++) {
                counts[i] += more.counts[i];
            }
            return this;
        }
    }

    /** The sampled rows of one example, [rows × channels], and how many rows each stands for. */
    record Rows(float[] values, float[] weights) {}

    private ActivationStatistics(int channels) {
        this.channels = channels;
        this.least = new float[channels];
        this.most = new float[channels];
        Arrays.fill(least, Float.POSITIVE_INFINITY);
        Arrays.fill(most, Float.NEGATIVE_INFINITY);
    }

    public static ActivationStatistics empty(int channels) {
        return new ActivationStatistics(channels);
    }

    /** The statistics with these contents, which belong to it from now on. */
    static ActivationStatistics of(
            float[] least, float[] most, List<BlockedSum.Part<Sums>> sums, Map<Long, Rows> samples) {
        ActivationStatistics statistics = new ActivationStatistics(least.length);
        System.arraycopy(least, 0, statistics.least, 0, least.length);
        System.arraycopy(most, 0, statistics.most, 0, most.length);
        statistics.sums.add(sums);
        statistics.samples.putAll(samples);
        return statistics;
    }

    /**
     * Returns the statistics of one example.
     *
     * @param example its number among all examples, from 0 on
     * @param channels the extent of the value's last axis; or 1, to see it as single numbers
     * @param sampleRows how many rows to keep about: all that weigh more than one, and others chosen by {@code random}
     */
    public static ActivationStatistics of(
            long example, Tensor value, int channels, int sampleRows, TokenWeights weights, RandomGenerator random) {
        if (channels != 1 && channels != value.extent(-1)) {
            throw new IllegalArgumentException(value + " does not end in " + channels + " channels");
        }
        ActivationStatistics statistics = new ActivationStatistics(channels);
        float[] values = value.values();
        int rows = values.length / channels;
        double[] sums = new double[channels];
        double weightSum = 0;
        float[] weighted = new float[values.length];
        for (int row = 0, i = 0; row < rows; row++) {
            float weight = weights.of(row, rows);
            weightSum += weight;
            for (int c = 0; c < channels; c++, i++) {
                float x = values[i];
                statistics.least[c] = Math.min(statistics.least[c], x);
                statistics.most[c] = Math.max(statistics.most[c], x);
                sums[c] += (double) weight * x;
                weighted[i] = weight * x;
            }
        }
        float[] gram = LinearAlgebra.multiplyTransposed(values, weighted, rows, channels, channels);
        statistics.sums.add(example, new Sums(gram, sums, new double[] {rows, weightSum}));
        statistics.samples.put(example, sampled(values, channels, sampleRows, weights, random));
        return statistics;
    }

    /** The rows that weigh more than one, and a random choice of the others, which then stand for all of them. */
    private static Rows sampled(
            float[] values, int channels, int wanted, TokenWeights weights, RandomGenerator random) {
        int rows = values.length / channels;
        int special = 0;
        for (int row = 0; row < rows; row++) {
            special += weights.of(row, rows) > 1 ? 1 : 0;
        }
        int ordinary = Math.min(rows - special, Math.max(wanted - special, Math.min(wanted, 1)));
        float share = ordinary == 0 ? 0 : (float) (rows - special) / ordinary;
        float[] sample = new float[(special + ordinary) * channels];
        float[] sampleWeights = new float[special + ordinary];
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
        return new Rows(sample, sampleWeights);
    }

    /**
     * Takes over the statistics of other examples of the same value, which are not to be used afterwards.
     *
     * @throws IllegalArgumentException for statistics of another width, or of an example that is in these already
     */
    public void merge(ActivationStatistics more) {
        if (more.channels != channels) {
            throw new IllegalArgumentException(
                    "statistics of " + channels + " channels cannot take " + more.channels + " channels");
        }
        if (total != null || more.total != null) {
            throw new IllegalStateException("statistics that have been read take no more examples");
        }
        sums.add(more.sums.parts());
        samples.putAll(more.samples);
        for (int c = 0; c < channels; c++) {
            least[c] = Math.min(least[c], more.least[c]);
            most[c] = Math.max(most[c], more.most[c]);
        }
    }

    private synchronized Sums total() {
        if (total == null) {
            List<BlockedSum.Part<Sums>> parts = sums.parts();
            boolean whole = parts.size() == 1 && parts.getFirst().from() == 0;
            total = whole ? parts.getFirst().sum() : sums.total(Sums.empty(channels));
        }
        return total;
    }

    /** The partial sums, in the order of their examples. */
    List<BlockedSum.Part<Sums>> parts() {
        return sums.parts();
    }

    /** The sampled rows of each example. */
    Map<Long, Rows> samples() {
        return Collections.unmodifiableMap(samples);
    }

    public int channels() {
        return channels;
    }

    /** Returns the number of tokens, over all examples. */
    public long rows() {
        return (long) total().counts()[0];
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
        return total().weighted()[channel] / total().counts()[1];
    }

    /** Returns Xᵀ·diag(w)·X over all tokens, w their weights, [channels × channels]. */
    public float[] gram() {
        return total().gram();
    }

    /** A copy of the sampled rows, example after example. */
    public RowSample sample() {
        int count = samples.values().stream()
                .mapToInt(rows -> rows.weights().length)
                .sum();
        float[] values = new float[Math.multiplyExact(count, channels)];
        float[] weights = new float[count];
        int[] ends = new int[samples.size()];
        int kept = 0;
        int example = 0;
        for (Rows rows : samples.values()) {
            System.arraycopy(rows.values(), 0, values, kept * channels, rows.values().length);
            System.arraycopy(rows.weights(), 0, weights, kept, rows.weights().length);
            kept += rows.weights().length;
            ends[example++] = kept;
        }
        return new RowSample(channels, values, weights, ends);
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
