package org.vitrail.verify;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.vitrail.engine.Engine;
import org.vitrail.engine.ExampleSource;
import org.vitrail.engine.RunContext;
import org.vitrail.graph.Graph;
import org.vitrail.linalg.SquaredDistance;
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
     * @param examples a few are enough; both graphs run on them one after the other, and the values of one example at a
     * time are in memory
     */
    public static List<RelativeError> measure(
            Graph reference, Graph quantized, List<String> values, ExampleSource examples, RunContext context) {
        double[] noise = new double[values.size()];
        double[] signal = new double[values.size()];
        try (Engine exact = context.open(reference, values);
                Engine rounded = context.open(quantized, values)) {
            for (int example = 0; example < examples.size(); example++) {
                Map<String, Tensor> inputs = examples.get(example);
                Map<String, Tensor> wanted = exact.run(inputs);
                Map<String, Tensor> got = rounded.run(inputs);
                for (int i = 0; i < noise.length; i++) {
                    float[] y = wanted.get(values.get(i)).values();
                    noise[i] += SquaredDistance.between(got.get(values.get(i)).values(), y);
                    signal[i] += SquaredDistance.fromZero(y);
                }
            }
        }
        List<RelativeError> errors = new ArrayList<>();
        for (int i = 0; i < noise.length; i++) {
            errors.add(of(values.get(i), noise[i], signal[i]));
        }
        return errors;
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
