package org.vitrail.canonical;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphEditor;
import org.vitrail.graph.GraphIndex;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;

/**
 * Folds the scaling and shifting of a convolution's channels into the convolution: for constants a, c of one number per
 * channel
 *
 * <pre>
 *   a · (W ∗ x + b) + c  =  (a·W) ∗ x + (a·b + c)
 * </pre>
 *
 * BatchNormalization is a = γ / √(σ² + ε), c = β − a·μ; frozen ones are exported as Mul and Add. Each folded node must
 * be the only reader of the value that it scales. An integer convolution then has one float result that no further node
 * scales.
 */
public final class BatchNormFolding {
    private static final float DEFAULT_EPSILON = 1e-5f;

    private BatchNormFolding() {}

    /** Returns the same model with fewer nodes; outputs agree to float rounding. */
    public static Graph rewrite(Graph graph) {
        Graph rewritten = graph;
        for (Optional<Graph> next = once(rewritten); next.isPresent(); next = once(rewritten)) {
            rewritten = next.get();
        }
        return rewritten;
    }

    /** Returns the graph with the next node behind each convolution folded; empty where there is none. */
    private static Optional<Graph> once(Graph graph) {
        GraphIndex index = new GraphIndex(graph);
        GraphEditor editor = new GraphEditor(graph);
        boolean changed = false;
        for (Node conv : graph.nodes()) {
            Optional<Weight> kernel = conv.is("Conv")
                    ? index.constant(conv.input(1)).filter(BatchNormFolding::isKernel)
                    : Optional.empty();
            List<Node> readers = index.consumers(conv.output());
            if (kernel.isPresent() && readers.size() == 1 && !index.isOutput(conv.output())) {
                Node next = readers.getFirst();
                Optional<Affine> affine = Affine.of(next, conv.output(), kernel.get(), index);
                Optional<float[]> bias = bias(conv, kernel.get(), index);
                if (affine.isPresent() && bias.isPresent()) {
                    replace(conv, next, kernel.get(), bias.get(), affine.get(), editor);
                    changed = true;
                }
            }
        }
        return changed ? Optional.of(editor.build()) : Optional.empty();
    }

    private static boolean isKernel(Weight weight) {
        return weight.type() == DataType.FLOAT && weight.rank() > 2 && weight.count() > 0;
    }

    /**
     * Returns the constant bias, zeros where there is none; empty where it is computed, or not one number per channel.
     */
    private static Optional<float[]> bias(Node conv, Weight kernel, GraphIndex index) {
        return conv.hasInput(2)
                ? index.constant(conv.input(2))
                        .filter(bias -> bias.isFloating() && bias.count() == kernel.extent(0))
                        .map(Weight::toFloats)
                : Optional.of(new float[kernel.extent(0)]);
    }

    private static void replace(Node conv, Node next, Weight kernel, float[] bias, Affine affine, GraphEditor editor) {
        float[] scaled = kernel.toFloats();
        int size = scaled.length / bias.length;
        for (int channel = 0; channel < bias.length; channel++) {
            float scale = affine.scale()[channel];
            for (int i = channel * size; i < (channel + 1) * size; i++) {
                scaled[i] *= scale;
            }
            bias[channel] = scale * bias[channel] + affine.shift()[channel];
        }
        String weightName = editor.add(conv.input(1), Weight.ofFloats(kernel.shape(), scaled));
        String biasName = editor.add(conv.output() + "_shift", Weight.ofFloats(new int[] {bias.length}, bias));
        editor.remove(next);
        editor.remove(conv);
        editor.put(conv.withInputs(List.of(conv.input(0), weightName, biasName)).withOutputs(List.of(next.output())));
    }

    /** The mapping y = scale · x + shift, channel by channel. */
    private record Affine(float[] scale, float[] shift) {
        static Optional<Affine> of(Node node, String value, Weight kernel, GraphIndex index) {
            int channels = kernel.extent(0);
            if (node.is("BatchNormalization")) {
                return node.intAttribute("training_mode", 0) == 0
                                && node.input(0).equals(value)
                        ? batchNorm(node, channels, index)
                        : Optional.empty();
            }
            if (!node.is("Mul") && !node.is("Add") && !node.is("Sub") && !node.is("Div")) {
                return Optional.empty();
            }
            int side = node.input(0).equals(value) ? 1 : 0;
            if ((node.is("Sub") || node.is("Div")) && side == 0) {
                return Optional.empty();
            }
            return index.constant(node.input(side))
                    .filter(weight -> weight.type() == DataType.FLOAT)
                    .filter(weight -> isByChannel(weight, kernel))
                    .map(weight -> ofConstant(node.op(), spread(weight.toFloats(), channels)));
        }

        private static Affine ofConstant(String op, float[] constant) {
            float[] ones = new float[constant.length];
            Arrays.fill(ones, 1);
            float[] zeros = new float[constant.length];
            return switch (op) {
                case "Mul" -> new Affine(constant, zeros);
                case "Div" -> new Affine(map(constant, value -> 1 / value), zeros);
                case "Sub" -> new Affine(ones, map(constant, value -> -value));
                default -> new Affine(ones, constant);
            };
        }

        private interface Change {
            float of(float value);
        }

        private static float[] map(float[] values, Change change) {
            float[] changed = new float[values.length];
            for (int i = 0; i < values.length; i++) {
                changed[i] = change.of(values[i]);
            }
            return changed;
        }

        /**
         * Returns whether it is one number for all, or one per channel along axis 1 of the (N, C, spatial...) result.
         */
        private static boolean isByChannel(Weight weight, Weight kernel) {
            int spatial = kernel.rank() - 2;
            if (weight.count() == 1) {
                return weight.rank() <= kernel.rank();
            }
            return weight.count() == kernel.extent(0)
                    && (weight.rank() == spatial + 1 || weight.rank() == spatial + 2)
                    && weight.extent(-spatial - 1) == kernel.extent(0);
        }

        private static float[] spread(float[] values, int channels) {
            if (values.length == channels) {
                return values;
            }
            float[] all = new float[channels];
            Arrays.fill(all, values[0]);
            return all;
        }

        private static Optional<Affine> batchNorm(Node node, int channels, GraphIndex index) {
            List<float[]> constants = node.inputs().stream()
                    .skip(1)
                    .flatMap(name -> index.constant(name).stream())
                    .filter(weight -> weight.isFloating() && weight.count() == channels)
                    .map(Weight::toFloats)
                    .toList();
            if (constants.size() != 4) {
                return Optional.empty();
            }
            float epsilon = node.floatAttribute("epsilon", DEFAULT_EPSILON);
            float[] scale = new float[channels];
            float[] shift = new float[channels];
            for (int channel = 0; channel < channels; channel++) {
                double a =
                        constants.get(0)[channel] / Math.sqrt((double) constants.get(3)[channel] + epsilon);
                scale[channel] = (float) a;
                shift[channel] =
                        (float) (constants.get(1)[channel] - a * constants.get(2)[channel]);
            }
            return Optional.of(new Affine(scale, shift));
        }
    }
}
