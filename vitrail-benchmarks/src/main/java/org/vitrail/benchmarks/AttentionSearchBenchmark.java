package org.vitrail.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vitrail.capture.ProductSample;
import org.vitrail.linalg.LinearAlgebra;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.report.Units;
import org.vitrail.search.ProductQuantizers;
import org.vitrail.search.ProductSearch;
import org.vitrail.search.SearchConfig;
import org.vitrail.tensor.VitrailException;

/**
 * Measures the time of the paper's search of one attention module of DeiT-Base's size: 12 heads, 197 tokens, 32 images,
 * 100 candidates per operand, on two threads; Q·Kᵀ with the ranking loss, then P·V. The exit code is 1 if the target is
 * missed.
 *
 * <pre>vitrail-benchmarks/run AttentionSearchBenchmark [ROWS]</pre>
 *
 * <p>ROWS rows of each image are evaluated, 32 by default: three times what calibration keeps for 32 images and 12
 * heads. Half of a candidate's time goes into the order of the scores; products and passes take the rest.
 */
public final class AttentionSearchBenchmark {
    private static final double MAX_SECONDS = 20;
    private static final int THREADS = 2;
    private static final int IMAGES = 32;
    private static final int HEADS = 12;
    private static final int TOKENS = 197;
    private static final int HEAD_SIZE = 64;
    private static final int ROWS = 32;

    private AttentionSearchBenchmark() {}

    public static void main(String[] arguments) {
        System.exit(Targets.run(AttentionSearchBenchmark::measure, System.out, System.err, arguments));
    }

    private static void measure(List<String> arguments, Targets targets) {
        int rows = arguments.isEmpty() ? ROWS : rows(arguments.getFirst());
        SearchConfig paper = SearchConfig.paper();
        ProductSample scores = sample(rows, HEAD_SIZE, TOKENS, true);
        ProductSample sums = sample(rows, TOKENS, HEAD_SIZE, false);
        for (int bits : new int[] {8, 6}) {
            long start = System.nanoTime();
            ProductQuantizers ofScores = new ProductSearch(paper, scores, THREADS).perLayer(new BitWidth(bits));
            double scoresDone = (System.nanoTime() - start) / 1e9;
            ProductQuantizers ofSums = new ProductSearch(paper, sums, THREADS).perLayer(new BitWidth(bits));
            double done = (System.nanoTime() - start) / 1e9;
            targets.say("W" + bits + "A" + bits + ": Q·Kᵀ " + Units.duration(scoresDone) + " (objective "
                    + Units.digits(ofScores.score()) + "), P·V " + Units.duration(done - scoresDone) + " (objective "
                    + Units.digits(ofSums.score()) + ")");
            targets.atMost("one attention module at " + bits + " bits", MAX_SECONDS, done, Units::duration);
        }
    }

    private static int rows(String text) {
        try {
            int rows = Integer.parseInt(text);
            if (rows >= 1 && rows <= TOKENS) {
                return rows;
            }
        } catch (NumberFormatException e) {
            // Reported below, like any other invalid number.
        }
        throw new VitrailException("ROWS must be a number from 1 to " + TOKENS + ", got " + text);
    }

    private static ProductSample sample(int rows, int inner, int columns, boolean scored) {
        List<ProductSample.Example> examples = new ArrayList<>();
        float[] weights = new float[rows];
        Arrays.fill(weights, (float) TOKENS / rows);
        for (int image = 0; image < IMAGES; image++) {
            float[][] left = new float[HEADS][];
            float[][] right = new float[HEADS][];
            float[][] scores = new float[scored ? HEADS : 0][];
            for (int head = 0; head < HEADS; head++) {
                int seed = 3 * (image * HEADS + head);
                left[head] = RandomValues.of(rows * inner, seed);
                right[head] = RandomValues.of(inner * columns, seed + 1);
                if (scored) {
                    scores[head] = LinearAlgebra.multiply(left[head], right[head], rows, inner, columns);
                    for (int i = 0; i < scores[head].length; i++) {
                        scores[head][i] /= (float) Math.sqrt(HEAD_SIZE);
                    }
                }
            }
            examples.add(new ProductSample.Example(image, rows, inner, columns, left, right, weights, scores));
        }
        float[] least = new float[HEADS];
        float[] most = new float[HEADS];
        Arrays.fill(least, -4.5f);
        Arrays.fill(most, 4.5f);
        ProductSample.Extremes extremes = new ProductSample.Extremes(least, most);
        return new ProductSample(HEADS, extremes, extremes, examples);
    }
}
