package org.vitrail.verify;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.vitrail.capture.Passes;
import org.vitrail.engine.Engine;
import org.vitrail.engine.ExampleSource;
import org.vitrail.engine.RunContext;
import org.vitrail.graph.Graph;
import org.vitrail.linalg.SquaredDistance;
import org.vitrail.shape.Shapes;
import org.vitrail.tensor.Tensor;

/**
 * The relative error of a layer's output against the float model's, with all layers before it quantized too.
 *
 * @param layer the name of a value or layer
 * @param relative {@code ‖ŷ − y‖ / ‖y‖} over all examples (Frobenius norm); 0 for an exact layer
 */
public record RelativeError(String layer, double relative) {
    /**
     * Measures the errors of these values, which both graphs must have, in the given order.
     *
     * @param examples a few are enough; values that do not fit into the context's memory together are compared in more
     *     passes over them
     */
    public static List<RelativeError> measure(
            Graph reference, Graph quantized, List<String> values, ExampleSource examples, RunContext context) {
        Shapes shapes = Shapes.infer(reference);
        List<RelativeError> errors = new ArrayList<>();
        for (List<String> group : Passes.split(
                values, value -> 2 * Passes.bytes(shapes, value), Passes.bytesOfOneExample(examples, context))) {
            errors.addAll(measureTogether(reference, quantized, group, examples, context));
        }
        return errors;
    }

    private static List<RelativeError> measureTogether(
            Graph reference, Graph quantized, List<String> values, ExampleSource examples, RunContext context) {
        double[] noise = new double[values.size()];
        double[] signal = new double[values.size()];
        try (Engine exact = context.open(reference, values);
                Engine rounded = context.open(quantized, values)) {
            context.runner()
                    .run(
                            List.of(exact, rounded),
                            examples,
                            run -> squares(
                                    values, run.outputs().get(0), run.outputs().get(1)),
                            squares -> {
                                for (int i = 0; i < noise.length; i++) {
                                    noise[i] += squares[0][i];
                                    signal[i] += squares[1][i];
                                }
                            });
        }
        List<RelativeError> errors = new ArrayList<>();
        for (int i = 0; i < noise.length; i++) {
            errors.add(of(values.get(i), noise[i], signal[i]));
        }
        return errors;
    }

    /** Returns the squared norms of one example, one per value: {@code ‖ŷ − y‖²} first, then {@code ‖y‖²}. */
    private static double[][] squares(List<String> values, Map<String, Tensor> wanted, Map<String, Tensor> got) {
        double[][] squares = new double[2][values.size()];
        for (int i = 0; i < values.size(); i++) {
            float[] y = wanted.get(values.get(i)).values();
            squares[0][i] = SquaredDistance.between(got.get(values.get(i)).values(), y);
            squares[1][i] = SquaredDistance.fromZero(y);
        }
        return squares;
    }

    /** Returns the {@code count} layers with the largest errors, largest first. */
    public static List<RelativeError> worst(List<RelativeError> errors, int count) {
        return errors.stream()
                .sorted(Comparator.comparingDouble(RelativeError::relative).reversed())
                .limit(count)
                .toList();
    }

    /** Returns the error from sums over all examples: {@code ‖ŷ − y‖²} and {@code ‖y‖²}. */
    static RelativeError of(String layer, double noise, double signal) {
        return new RelativeError(layer, noise == 0 ? 0 : Math.sqrt(noise / signal));
    }
}
