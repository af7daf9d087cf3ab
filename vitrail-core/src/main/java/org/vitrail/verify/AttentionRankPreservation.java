package org.vitrail.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.vitrail.capture.Passes;
import org.vitrail.engine.Engine;
import org.vitrail.engine.ExampleSource;
import org.vitrail.engine.RunContext;
import org.vitrail.graph.Graph;
import org.vitrail.search.ConcordanceIndex;
import org.vitrail.search.RankedScores;
import org.vitrail.shape.Shapes;
import org.vitrail.tensor.Tensor;

/**
 * Measures how well the order of an attention's scores is preserved by quantization, with all parts before it quantized
 * too: the scores that enter softmax, float against quantized, row by row. Masked columns do not count.
 *
 * @param attention the name of the attention
 * @param heads the heads, in their order
 */
public record AttentionRankPreservation(String attention, List<Head> heads) {
    /** Number of largest scores per row that are compared: k of the top-k overlap. */
    public static final int TOP_K_COLUMNS = 5;

    /** Largest memory for scores at once, in bytes. */
    private static final long MAX_SCORE_BYTES = 64L << 20;

    public AttentionRankPreservation {
        heads = List.copyOf(heads);
    }

    /**
     * One head, as the mean over all rows and examples.
     *
     * @param pairs the share of pairs of columns whose order is kept, 0 to 1; pairs that became tied count half
     * @param top the share of each row's {@value #TOP_K_COLUMNS} largest scores that are among the largest of the quantized row, 0 to 1
     */
    public record Head(double pairs, double top) {}

    /**
     * The place of an attention's scores in the graph.
     *
     * @param attention the name of the attention
     * @param softmaxInput the name of the scores in both graphs
     * @param queriesAreColumns whether softmax runs over the columns
     */
    public record Scores(String attention, String softmaxInput, boolean queriesAreColumns) {}

    /** Returns the share of pairs kept, the mean over heads. */
    public double pairs() {
        return heads.stream().mapToDouble(Head::pairs).average().orElse(Double.NaN);
    }

    /** Returns the share of the largest scores kept, the mean over heads. */
    public double top() {
        return heads.stream().mapToDouble(Head::top).average().orElse(Double.NaN);
    }

    /** Returns the smallest share of pairs that a head keeps. */
    public double worstHead() {
        return heads.stream().mapToDouble(Head::pairs).min().orElse(Double.NaN);
    }

    /**
     * Measures these attentions, in their order.
     *
     * @param examples a few are enough; the scores of one example at a time are in memory
     */
    public static List<AttentionRankPreservation> measure(
            Graph reference, Graph quantized, List<Scores> attentions, ExampleSource examples, RunContext context) {
        Shapes shapes = Shapes.infer(reference);
        List<AttentionRankPreservation> orders = new ArrayList<>();
        for (List<Scores> group :
                Passes.split(attentions, scores -> 2 * Passes.bytes(shapes, scores.softmaxInput()), MAX_SCORE_BYTES)) {
            orders.addAll(measureTogether(reference, quantized, group, examples, context));
        }
        return orders;
    }

    private static List<AttentionRankPreservation> measureTogether(
            Graph reference, Graph quantized, List<Scores> attentions, ExampleSource examples, RunContext context) {
        List<String> values = attentions.stream().map(Scores::softmaxInput).toList();
        List<Sums> sums = attentions.stream().map(scores -> new Sums()).toList();
        try (Engine exact = context.open(reference, values);
                Engine rounded = context.open(quantized, values)) {
            for (int example = 0; example < examples.size(); example++) {
                Map<String, Tensor> inputs = examples.get(example);
                Map<String, Tensor> wanted = exact.run(inputs);
                Map<String, Tensor> got = rounded.run(inputs);
                for (int i = 0; i < attentions.size(); i++) {
                    String value = attentions.get(i).softmaxInput();
                    boolean turned = attentions.get(i).queriesAreColumns();
                    sums.get(i).add(matrices(wanted.get(value), turned), matrices(got.get(value), turned));
                }
            }
        }
        return IntStream.range(0, attentions.size())
                .mapToObj(i -> new AttentionRankPreservation(
                        attentions.get(i).attention(), sums.get(i).heads()))
                .toList();
    }

    /** Returns the scores with one row per query. */
    private static Tensor matrices(Tensor scores, boolean queriesAreColumns) {
        if (!queriesAreColumns) {
            return scores;
        }
        int rows = scores.extent(-2);
        int columns = scores.extent(-1);
        float[] turned = new float[scores.size()];
        for (int i = 0; i < turned.length; i++) {
            int matrix = i / (rows * columns);
            int row = i / columns % rows;
            turned[matrix * rows * columns + i % columns * rows + row] = scores.values()[i];
        }
        int[] shape = scores.shape();
        shape[shape.length - 2] = columns;
        shape[shape.length - 1] = rows;
        return Tensor.of(shape, turned);
    }

    /** Sums over rows, one per head. */
    private static final class Sums {
        private final ConcordanceIndex agreement = new ConcordanceIndex();
        private double[] pairs = new double[0];
        private double[] top = new double[0];
        private long[] rows = new long[0];

        private void add(Tensor reference, Tensor quantized) {
            int width = reference.extent(-1);
            int height = reference.rank() < 2 ? 1 : reference.extent(-2);
            int heads = reference.rank() < 3 ? 1 : reference.extent(-3);
            if (pairs.length < heads) {
                pairs = Arrays.copyOf(pairs, heads);
                top = Arrays.copyOf(top, heads);
                rows = Arrays.copyOf(rows, heads);
            }
            for (int offset = 0; offset < reference.size(); offset += width) {
                RankedScores row = RankedScores.of(reference.values(), offset, width);
                if (row.pairs() > row.tiedPairs()) {
                    int head = offset / (width * height) % heads;
                    pairs[head] += agreement.of(row, quantized.values(), offset);
                    top[head] += overlap(row, RankedScores.of(quantized.values(), offset, width));
                    rows[head]++;
                }
            }
        }

        private static double overlap(RankedScores reference, RankedScores quantized) {
            int[] wanted = reference.largest(TOP_K_COLUMNS);
            int[] got = quantized.largest(TOP_K_COLUMNS);
            long common = Arrays.stream(wanted)
                    .filter(column -> Arrays.stream(got).anyMatch(other -> other == column))
                    .count();
            return (double) common / wanted.length;
        }

        private List<Head> heads() {
            return IntStream.range(0, rows.length)
                    .filter(head -> rows[head] > 0)
                    .mapToObj(head -> new Head(pairs[head] / rows[head], top[head] / rows[head]))
                    .toList();
        }
    }
}
