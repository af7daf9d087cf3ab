package org.vitrail.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vitrail.capture.ActivationStatistics;

/**
 * Finds massive channels: a few input channels so much larger than all others that any scale fit for them rounds the
 * rest to nothing, and any clip destroys them (later blocks use such values as attention sinks).
 */
public final class MassiveChannels {
    /** A massive channel peaks above this many times the tensor's 99.9 % quantile of |x| ... */
    static final double PEAK_TO_QUANTILE_RATIO = 10;

    static final double QUANTILE = 0.999;

    /** ... or holds more than this share of the tensor's energy. */
    static final double MIN_ENERGY_SHARE = 0.5;

    /** Largest share of channels that can be massive; where more are large, all channels are treated alike. */
    static final double MAX_CHANNEL_SHARE = 0.02;

    private MassiveChannels() {}

    /** The massive channels of a value, ascending; none where more than a few qualify. */
    public static List<Integer> find(ActivationStatistics statistics) {
        float[] magnitudes = statistics.sample().values();
        for (int i = 0; i < magnitudes.length; i++) {
            magnitudes[i] = Math.abs(magnitudes[i]);
        }
        Arrays.sort(magnitudes);
        float usual = magnitudes[(int) (QUANTILE * (magnitudes.length - 1))];
        int channels = statistics.channels();
        float[] gram = statistics.gram();
        double energy = 0;
        for (int c = 0; c < channels; c++) {
            energy += gram[c * channels + c];
        }
        List<Integer> massive = new ArrayList<>();
        for (int c = 0; c < channels; c++) {
            if (statistics.peak(c) > PEAK_TO_QUANTILE_RATIO * usual
                    || gram[c * channels + c] > MIN_ENERGY_SHARE * energy) {
                massive.add(c);
            }
        }
        return massive.size() <= Math.max(1, MAX_CHANNEL_SHARE * channels) ? massive : List.of();
    }

    /**
     * A copy of W without the rows of massive channels, which become zero.
     *
     * @param matrix W [inputs × outputs], row-major, not changed
     */
    public static float[] clearRows(List<Integer> massive, float[] matrix, int inputs) {
        int outputs = matrix.length / inputs;
        float[] rest = matrix.clone();
        massive.forEach(channel -> Arrays.fill(rest, channel * outputs, (channel + 1) * outputs, 0f));
        return rest;
    }

    /**
     * A copy of the Gram matrix XᵀX [channels × channels] with the rows and columns of massive channels zero: that of the
     * channels that the integer product reads, among which massive ones would dominate.
     */
    public static float[] clearGram(List<Integer> massive, ActivationStatistics statistics) {
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
}
