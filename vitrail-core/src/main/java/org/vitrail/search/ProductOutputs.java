package org.vitrail.search;

import java.util.Optional;
import org.vitrail.capture.ProductSample.Example;
import org.vitrail.linalg.LinearAlgebra;
import org.vitrail.quantizer.AffineQuantizer;

/**
 * Evaluates the products O = L·R of one image when both operands are quantized. The parts that do not depend on the
 * quantizers, the float products and the order of their scores, are computed once. Thread-safe.
 */
final class ProductOutputs {
    private final Example example;
    private final int heads;
    private final float[][] o;
    private final Optional<Scores> scores;

    /**
     * The scores A = s·O + B that the float products become, sorted.
     *
     * @param scales s, one per head
     * @param rows the rows of each matrix
     */
    private record Scores(float[] scales, RankedScores[][] rows, double theta) {}

    /**
     * The effect of quantization on one image.
     *
     * @param moments of O and Ô
     * @param loss the sum of the ranking losses of its rows, weighted by the number of rows that each stands for
     * @param rows the sum of these weights
     */
    record Judgement(Moments moments, double loss, double rows) {
        Judgement plus(Judgement more) {
            return new Judgement(moments.plus(more.moments), loss + more.loss, rows + more.rows);
        }
    }

    /**
     * @param scales factors from the products to the scores that enter softmax, one per head; empty without ranking
     * loss
     */
    ProductOutputs(Example example, int heads, Optional<float[]> scales, double theta) {
        this.example = example;
        this.heads = heads;
        this.o = new float[example.matrices()][];
        for (int m = 0; m < o.length; m++) {
            o[m] = product(example.left()[m], example.right()[m]);
        }
        this.scores = scales.map(found -> new Scores(found, sorted(example), theta));
    }

    private static RankedScores[][] sorted(Example example) {
        RankedScores[][] rows = new RankedScores[example.matrices()][example.rows()];
        for (int m = 0; m < rows.length; m++) {
            for (int row = 0; row < rows[m].length; row++) {
                rows[m][row] = RankedScores.of(example.scores()[m], row * example.columns(), example.columns());
            }
        }
        return rows;
    }

    private float[] product(float[] left, float[] right) {
        return LinearAlgebra.multiply(left, right, example.rows(), example.inner(), example.columns());
    }

    /** Evaluates the matrices m = from, from + stride, … under these quantizers. */
    Judgement judge(AffineQuantizer left, AffineQuantizer right, int from, int stride) {
        float[] quantizedLeft = new float[example.rows() * example.inner()];
        float[] quantizedRight = new float[example.inner() * example.columns()];
        RankingLoss ranking = new RankingLoss(scores.map(Scores::theta).orElse(0.0));
        Judgement all = new Judgement(Moments.NONE, 0, 0);
        for (int m = from; m < o.length; m += stride) {
            left.apply(example.left()[m], quantizedLeft, quantizedLeft.length);
            right.apply(example.right()[m], quantizedRight, quantizedRight.length);
            float[] quantized = product(quantizedLeft, quantizedRight);
            all = all.plus(new Judgement(moments(o[m], quantized), 0, 0));
            if (scores.isPresent()) {
                all = all.plus(order(scores.get(), ranking, m, quantized));
            }
        }
        return all;
    }

    /** Returns the moments over all rows of a matrix, each weighted by the number of rows that it stands for. */
    private Moments moments(float[] original, float[] quantized) {
        ColumnMoments columns = new ColumnMoments(example.columns());
        for (int row = 0; row < example.rows(); row++) {
            columns.add(original, quantized, row * example.columns(), example.rowWeights()[row]);
        }
        return columns.all();
    }

    /**
     * Returns the ranking loss of a matrix; {@code quantized} becomes Â = A + s·(Ô − O), masks and biases unchanged.
     */
    private Judgement order(Scores known, RankingLoss ranking, int m, float[] quantized) {
        float scale = known.scales()[m % heads];
        float[] original = o[m];
        float[] a = example.scores()[m];
        for (int i = 0; i < quantized.length; i++) {
            quantized[i] = a[i] + scale * (quantized[i] - original[i]);
        }
        RankedScores[] order = known.rows()[m];
        double[] losses = ranking.of(order, quantized, example.columns());
        double loss = 0;
        double rows = 0;
        for (int row = 0; row < order.length; row++) {
            if (order[row].pairs() > 0) {
                loss += example.rowWeights()[row] * losses[row];
                rows += example.rowWeights()[row];
            }
        }
        return new Judgement(Moments.NONE, loss, rows);
    }
}
