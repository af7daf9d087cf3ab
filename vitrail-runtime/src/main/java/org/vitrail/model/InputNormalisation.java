package org.vitrail.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vitrail.graph.ConstantElements;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphIndex;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;
import org.vitrail.image.Preprocessing;
import org.vitrail.image.Rgb;

/**
 * The normalisation that a model applies to its input by itself: {@code (x − mean) / std} for each channel, read from
 * the constants that are subtracted, added, multiplied and divided before the first other operator, or from a leading
 * BatchNormalization.
 *
 * @param mean in the units of the input
 * @param std in the units of the input
 * @param wantsBytes whether the input is 0..255; else it is 0..1
 */
public record InputNormalisation(Rgb mean, Rgb std, boolean wantsBytes) {
    private static final int CHANNELS = 3;

    /** Operators that change neither values nor the order of channels. */
    private static final Set<String> MOVING = Set.of("Cast", "Identity", "Transpose", "Resize", "Upsample", "Pad");

    /** A mean above this cannot be one of pixels from 0 to 1. */
    private static final double LARGEST_UNIT_MEAN = 2;

    /** A factor below this cannot be one for pixels from 0 to 1. */
    private static final double SMALLEST_UNIT_FACTOR = 0.1;

    /** Factors of pixels from 0 to 1 by the usual standard deviations lie in this range, and their means within 0..1. */
    private static final double LEAST_USUAL_FACTOR = 1.5;

    private static final double LARGEST_USUAL_FACTOR = 8;

    /** A factor above this turns 0..1 into 0..255. */
    private static final double TO_BYTES = 100;

    /** The normalisation at the start of a graph; empty where there is none, or none whose range of values is clear. */
    public static Optional<InputNormalisation> of(Graph graph, ImageInput input) {
        GraphIndex index = new GraphIndex(graph);
        double[] factor = {1, 1, 1};
        double[] offset = {0, 0, 0};
        String value = input.name();
        boolean found = false;
        while (index.consumers(value).size() == 1) {
            Node node = index.consumers(value).getFirst();
            if (!MOVING.contains(node.op())) {
                Optional<double[][]> step = step(node, value, index);
                if (step.isEmpty()) {
                    break;
                }
                found = true;
                for (int channel = 0; channel < CHANNELS; channel++) {
                    double times = step.get()[0][channel];
                    factor[channel] *= times;
                    offset[channel] = offset[channel] * times + step.get()[1][channel];
                }
            }
            value = node.outputs().getFirst();
        }
        return found ? of(factor, offset) : Optional.empty();
    }

    private static Optional<InputNormalisation> of(double[] factor, double[] offset) {
        double[] mean = new double[CHANNELS];
        for (int channel = 0; channel < CHANNELS; channel++) {
            if (!(factor[channel] > 0) || !Double.isFinite(offset[channel] / factor[channel])) {
                return Optional.empty();
            }
            mean[channel] = -offset[channel] / factor[channel];
        }
        double leastFactor = Arrays.stream(factor).min().orElseThrow();
        double largestFactor = Arrays.stream(factor).max().orElseThrow();
        double leastMean = Arrays.stream(mean).min().orElseThrow();
        double largestMean = Arrays.stream(mean).max().orElseThrow();
        boolean bytes = largestFactor < SMALLEST_UNIT_FACTOR || largestMean > LARGEST_UNIT_MEAN;
        boolean unit = leastFactor > TO_BYTES
                || (leastFactor > LEAST_USUAL_FACTOR
                        && largestFactor < LARGEST_USUAL_FACTOR
                        && leastMean > 0
                        && largestMean < 1);
        return bytes || unit
                ? Optional.of(new InputNormalisation(
                        new Rgb(mean[0], mean[1], mean[2]),
                        new Rgb(1 / factor[0], 1 / factor[1], 1 / factor[2]),
                        bytes))
                : Optional.empty();
    }

    /** The factors and offsets of a node that scales or shifts each channel of a value by constants. */
    private static Optional<double[][]> step(Node node, String value, GraphIndex index) {
        if (node.is("BatchNormalization")) {
            return batchNormalisation(node, index);
        }
        if (!Set.of("Sub", "Add", "Mul", "Div").contains(node.op())
                || node.inputs().size() != 2) {
            return Optional.empty();
        }
        boolean first = node.input(0).equals(value);
        double[] constant = index.constant(node.input(first ? 1 : 0))
                .flatMap(InputNormalisation::channels)
                .orElse(null);
        if (constant == null || (!first && node.is("Div"))) {
            return Optional.empty();
        }
        double[] ones = {1, 1, 1};
        double[] zeros = {0, 0, 0};
        return Optional.of(
                switch (node.op()) {
                    case "Add" -> new double[][] {ones, constant};
                    case "Sub" ->
                        first ? new double[][] {ones, times(constant, -1)} : new double[][] {times(ones, -1), constant};
                    case "Mul" -> new double[][] {constant, zeros};
                    default ->
                        new double[][] {Arrays.stream(constant).map(x -> 1 / x).toArray(), zeros};
                });
    }

    private static double[] times(double[] values, double factor) {
        return Arrays.stream(values).map(x -> factor * x).toArray();
    }

    private static Optional<double[][]> batchNormalisation(Node node, GraphIndex index) {
        double[][] parts = new double[4][];
        for (int i = 0; i < parts.length; i++) {
            Optional<double[]> part = index.constant(node.input(i + 1)).flatMap(InputNormalisation::channels);
            if (part.isEmpty()) {
                return Optional.empty();
            }
            parts[i] = part.get();
        }
        double epsilon = node.floatAttribute("epsilon", 1e-5f);
        double[] factor = new double[CHANNELS];
        double[] offset = new double[CHANNELS];
        for (int channel = 0; channel < CHANNELS; channel++) {
            factor[channel] = parts[0][channel] / Math.sqrt(parts[3][channel] + epsilon);
            offset[channel] = parts[1][channel] - factor[channel] * parts[2][channel];
        }
        return Optional.of(new double[][] {factor, offset});
    }

    /** One number for each channel, or one for all. */
    private static Optional<double[]> channels(Weight constant) {
        boolean isPlain = ConstantElements.covers(constant.type())
                && (constant.count() == 1 || constant.count() == CHANNELS)
                && Arrays.stream(constant.shape()).filter(extent -> extent > 1).count() <= 1;
        if (!isPlain) {
            return Optional.empty();
        }
        double[] values = ConstantElements.doubles(constant);
        return Optional.of(values.length == 1 ? new double[] {values[0], values[0], values[0]} : values);
    }

    /** The preprocessing without the part that the model does by itself. */
    public Preprocessing leftOutOf(Preprocessing preprocessing) {
        Preprocessing plain = preprocessing.withoutNormalisation();
        return wantsBytes ? plain : plain.withRescale(Preprocessing.BYTE_RESCALE);
    }

    /** Returns whether preprocessing would normalise by the same mean and standard deviation a second time. */
    public boolean isRepeatedBy(Preprocessing preprocessing) {
        double unit = wantsBytes ? 1 : 1 / Preprocessing.BYTE_RESCALE;
        double scale = 1 / preprocessing.rescale();
        return List.of(alike(preprocessing.mean(), scale, mean, unit), alike(preprocessing.std(), scale, std, unit))
                .stream()
                .allMatch(same -> same);
    }

    /** Compares in units of bytes. */
    private static boolean alike(Rgb one, double scaleOfOne, Rgb other, double scaleOfOther) {
        return near(one.red() * scaleOfOne, other.red() * scaleOfOther)
                && near(one.green() * scaleOfOne, other.green() * scaleOfOther)
                && near(one.blue() * scaleOfOne, other.blue() * scaleOfOther);
    }

    private static boolean near(double one, double other) {
        return Math.abs(one - other) <= 2;
    }
}
