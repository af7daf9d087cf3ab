package org.vitrail.capture;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.vitrail.tensor.LinearAlgebra;
import org.vitrail.tensor.Tensor;

/**
 * What calibration keeps of one value X [tokens × channels]: extremes, sums and the Gram matrix XᵀX over all tokens
 * seen, and a sample of whole rows. All of it adds up: statistics of parts merge into those of the whole, in bounded
 * memory whatever the number of images (METHOD.md, section 2).
 *
 * <p>Arrays handed out are the statistics' own and not to be written to.
 */
public final class Statistics {
    private final int channels;
    private final float[] least;
    private final float[] most;
    private final double[] sums;
    private final float[] gram;
    private long rows;
    private float[] sample;
    private int sampled;

    private Statistics(int channels) {
        this.channels = channels;
        this.least = new float[channels];
        this.most = new float[channels];
        this.sums = new double[channels];
        this.gram = new float[Math.multiplyExact(channels, channels)];
        this.sample = new float[0];
        Arrays.fill(least, Float.POSITIVE_INFINITY);
        Arrays.fill(most, Float.NEGATIVE_INFINITY);
    }

    public static Statistics empty(int channels) {
        return new Statistics(channels);
    }

    /**
     * The statistics of one example.
     *
     * @param channels the extent of the value's last axis; or 1, to see it as single numbers
     * @param sampleRows how many rows to keep, chosen by {@code random} without repetition
     */
    public static Statistics of(Tensor value, int channels, int sampleRows, RandomGenerator random) {
        if (channels != 1 && channels != value.extent(-1)) {
            throw new IllegalArgumentException(value + " does not end in " + channels + " channels");
        }
        Statistics statistics = new Statistics(channels);
        float[] values = value.values();
        int rows = values.length / channels;
        statistics.rows = rows;
        for (int i = 0; i < values.length; i++) {
            int channel = i % channels;
            float x = values[i];
            statistics.least[channel] = Math.min(statistics.least[channel], x);
            statistics.most[channel] = Math.max(statistics.most[channel], x);
            statistics.sums[channel] += x;
        }
        float[] gram = LinearAlgebra.multiplyTransposed(values, values, rows, channels, channels);
        System.arraycopy(gram, 0, statistics.gram, 0, gram.length);
        statistics.keepRows(values, rows, sampleRows, random);
        return statistics;
    }

    private void keepRows(float[] values, int rows, int wanted, RandomGenerator random) {
        int count = Math.min(rows, wanted);
        sample = new float[count * channels];
        sampled = count;
        int left = count;
        for (int row = 0; row < rows && left > 0; row++) {
            if (random.nextInt(rows - row) < left) {
                System.arraycopy(values, row * channels, sample, (count - left) * channels, channels);
                left--;
            }
        }
    }

    /** Adds the statistics of more examples of the same value. */
    public void add(Statistics more) {
        if (more.channels != channels) {
            throw new IllegalArgumentException(
                    "statistics of " + channels + " channels cannot take " + more.channels + " channels");
        }
        rows += more.rows;
        for (int c = 0; c < channels; c++) {
            least[c] = Math.min(least[c], more.least[c]);
            most[c] = Math.max(most[c], more.most[c]);
            sums[c] += more.sums[c];
        }
        for (int i = 0; i < gram.length; i++) {
            gram[i] += more.gram[i];
        }
        int size = sampled * channels;
        if (sample.length < size + more.sample.length) {
            sample = Arrays.copyOf(sample, Math.max(2 * sample.length, size + more.sample.length));
        }
        System.arraycopy(more.sample, 0, sample, size, more.sampled * channels);
        sampled += more.sampled;
    }

    public int channels() {
        return channels;
    }

    /** The number of tokens seen, over all examples. */
    public long rows() {
        return rows;
    }

    /** The smallest value of each channel. */
    public float[] least() {
        return least;
    }

    /** The largest value of each channel. */
    public float[] most() {
        return most;
    }

    /** The mean of one channel. */
    public double mean(int channel) {
        return sums[channel] / rows;
    }

    /** XᵀX over all tokens seen, [channels × channels]. */
    public float[] gram() {
        return gram;
    }

    /** The sampled rows, [{@link #sampledRows()} × channels]. */
    public float[] sample() {
        return Arrays.copyOf(sample, sampled * channels);
    }

    public int sampledRows() {
        return sampled;
    }

    /** The largest magnitude of one channel. */
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
