package org.vitrail.compensate;

import org.vitrail.tensor.Tensor;

/** Accumulates the weighted mean of each output channel of a layer, example by example. */
final class ChannelMean {
    private final LayerOutput layer;
    private final double[] sums;
    private double weight;

    ChannelMean(LayerOutput layer) {
        this.layer = layer;
        this.sums = new double[layer.channels()];
    }

    /**
     * The sums of one example.
     *
     * @param sums one per channel
     * @param weight the total weight of the numbers of one channel
     */
    record Part(double[] sums, double weight) {}

    Part of(Tensor value) {
        float[] values = value.values();
        int inner = inner(value, layer);
        int rows = values.length / layer.channels();
        double[] sums = new double[layer.channels()];
        double weight = 0;
        for (int i = 0; i < values.length; i++) {
            float w = inner == 1 ? layer.tokens().of(i / layer.channels(), rows) : 1;
            int channel = i / inner % layer.channels();
            sums[channel] += (double) w * values[i];
            weight += channel == 0 ? w : 0;
        }
        return new Part(sums, weight);
    }

    void add(Part part) {
        for (int n = 0; n < sums.length; n++) {
            sums[n] += part.sums[n];
        }
        weight += part.weight;
    }

    double[] get() {
        double[] means = new double[sums.length];
        for (int n = 0; n < means.length; n++) {
            means[n] = sums[n] / weight;
        }
        return means;
    }

    /** Returns the value with these corrections, one per channel, subtracted. */
    static Tensor minus(Tensor value, float[] correction, LayerOutput layer) {
        float[] values = value.values().clone();
        int inner = inner(value, layer);
        for (int i = 0; i < values.length; i++) {
            values[i] -= correction[i / inner % layer.channels()];
        }
        return Tensor.of(value.shape(), values);
    }

    /** Returns the number of consecutive numbers that belong to one channel. */
    private static int inner(Tensor value, LayerOutput layer) {
        if (value.extent(-layer.channelAxis()) != layer.channels()) {
            throw new IllegalArgumentException(layer + " does not lie on its axis in " + value);
        }
        int inner = 1;
        for (int axis = 1; axis < layer.channelAxis(); axis++) {
            inner *= value.extent(-axis);
        }
        return inner;
    }
}
