package org.vitrail.verify;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.vitrail.engine.Engine;
import org.vitrail.engine.EngineOptions;
import org.vitrail.engine.ExampleSource;
import org.vitrail.graph.Graph;
import org.vitrail.linalg.SquaredDistance;
import org.vitrail.ort.OrtEngine;
import org.vitrail.tensor.Tensor;

/**
 * How far a layer's output strays from the float model's, all layers before it quantized too.
 *
 * @param layer a value's name, or what else the layer is called
 * @param relative {@code ‖ŷ − y‖ / ‖y‖} over all examples (Frobenius norm); 0 for an exact layer
 */
public record RelativeError(String layer, double relative) {
    /**
     * The errors of these values, which both graphs must have, in the order in which they are given.
     *
     * @param examples a few are enough; both graphs run on them one after the other, and one example's values are held
     *     in memory at a time
     */
    public static List<RelativeError> measure(
            Graph reference, Graph quantized, List<String> values, ExampleSource examples) {
        EngineOptions options = EngineOptions.defaults().withOutputs(values);
        double[] noise = new double[values.size()];
        double[] signal = new double[values.size()];
        try (Engine exact = OrtEngine.open(reference, options);
                Engine rounded = OrtEngine.open(quantized, options)) {
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

    /** The {@code count} layers with the largest errors, the worst first. */
    public static List<RelativeError> worst(List<RelativeError> errors, int count) {
        return errors.stream()
                .sorted(Comparator.comparingDouble(RelativeError::relative).reversed())
                .limit(count)
                .toList();
    }

    /** Of sums over all examples: {@code ‖ŷ − y‖²} and {@code ‖y‖²}. */
    static RelativeError of(String layer, double noise, double signal) {
        return new RelativeError(layer, noise == 0 ? 0 : Math.sqrt(noise / signal));
    }
}
