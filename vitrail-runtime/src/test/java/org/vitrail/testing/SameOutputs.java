package org.vitrail.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import org.vitrail.engine.Engine;
import org.vitrail.graph.Graph;
import org.vitrail.tensor.Tensor;

/** That a rewritten graph computes what the graph did. */
public final class SameOutputs {
    private SameOutputs() {}

    /** All outputs, to float rounding; {@code input} is the value of the only input. */
    public static void check(Graph graph, Graph rewritten, Tensor input) {
        check(graph, rewritten, input, 1e-5f);
    }

    public static void check(Graph graph, Graph rewritten, Tensor input, float tolerance) {
        Map<String, Tensor> expected = run(graph, input);
        Map<String, Tensor> actual = run(rewritten, input);
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        for (String output : graph.outputNames()) {
            assertThat(actual.get(output).shape())
                    .isEqualTo(expected.get(output).shape());
            assertThat(actual.get(output).values())
                    .usingElementComparator((a, b) -> Math.abs(a - b) <= tolerance ? 0 : Float.compare(a, b))
                    .containsExactly(expected.get(output).values());
        }
    }

    private static Map<String, Tensor> run(Graph graph, Tensor input) {
        try (Engine engine = TestEngines.open(graph)) {
            return engine.run(Map.of(graph.inputNames().getFirst(), input));
        }
    }

    /** Normally distributed numbers, the same for the same shape. */
    public static Tensor gaussian(int... shape) {
        Random random = new Random(Tensor.size(shape));
        float[] values = new float[(int) Tensor.size(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.of(shape, values);
    }
}
