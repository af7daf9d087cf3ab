package org.vitrail.search;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.vitrail.capture.ProductSample;
import org.vitrail.capture.ProductSample.Example;
import org.vitrail.linalg.LinearAlgebra;

/**
 * Measures the scale between a product of queries and keys and the scores that enter softmax, per head: A = s·Q·Kᵀ + B,
 * with B the masks and position biases. Measuring is independent of how a model writes its scale in the graph: between
 * images B is constant and cancels, and s is the slope of A's change over the product's.
 */
final class SoftmaxScale {
    /**
     * Largest share of A's squared change that may remain unexplained; above it, A is not such a function of the
     * product.
     */
    private static final double MAX_RESIDUAL_SHARE = 1e-5;

    private SoftmaxScale() {}

    /** Returns one scale per head; empty where the scores are not observed, or heads are mixed before softmax. */
    static Optional<float[]> measure(ProductSample sample) {
        float[] scales = new float[sample.heads()];
        for (int head = 0; head < scales.length; head++) {
            Optional<Float> scale = measure(sample, head);
            if (scale.isEmpty()) {
                return Optional.empty();
            }
            scales[head] = scale.get();
        }
        return Optional.of(scales);
    }

    private static Optional<Float> measure(ProductSample sample, int head) {
        List<Example> examples = sample.examples();
        if (examples.stream().anyMatch(example -> example.scores().length == 0)) {
            return Optional.empty();
        }
        double aa = 0;
        double as = 0;
        double ss = 0;
        for (int i = 0; i < Math.max(1, examples.size() - 1); i++) {
            Example one = examples.get(i);
            Example next = examples.get(Math.min(i + 1, examples.size() - 1));
            if (one.matrices() != next.matrices() || one.columns() != next.columns()) {
                continue;
            }
            for (int m = head; m < one.matrices(); m += sample.heads()) {
                float[] scores = firstRow(one, m);
                float[] others = examples.size() == 1 ? new float[scores.length] : firstRow(next, m);
                boolean[] seen = seen(one, m);
                boolean[] seenNext = seen(next, m);
                for (int j = 0; j < one.columns(); j++) {
                    if (seen[j] && seenNext[j]) {
                        double a = examples.size() == 1
                                ? one.scores()[m][j]
                                : (double) one.scores()[m][j] - next.scores()[m][j];
                        double s = (double) scores[j] - others[j];
                        aa += a * a;
                        as += a * s;
                        ss += s * s;
                    }
                }
            }
        }
        boolean linear = ss > 0 && aa - as * as / ss <= MAX_RESIDUAL_SHARE * aa;
        return linear ? Optional.of((float) (as / ss)) : Optional.empty();
    }

    /** Returns the product's first row, which every sample has. */
    private static float[] firstRow(Example example, int matrix) {
        return LinearAlgebra.multiply(
                example.left()[matrix], example.right()[matrix], 1, example.inner(), example.columns());
    }

    private static boolean[] seen(Example example, int matrix) {
        boolean[] seen = new boolean[example.columns()];
        IntStream.of(RankedScores.of(example.scores()[matrix], 0, example.columns())
                        .columns())
                .forEach(column -> seen[column] = true);
        return seen;
    }
}
