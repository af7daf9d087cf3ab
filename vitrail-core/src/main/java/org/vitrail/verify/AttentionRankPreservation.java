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
     * @param examples a few are enough; scores that do not fit into the context's memory together are compared in more
     *     passes over them
     */
    public static List<AttentionRankPreservation> measure(
            Graph reference, Graph quantized, List<Scores> attentions, ExampleSource examples, RunContext context) {
        Shapes shapes = Shapes.infer(reference);
        List<AttentionRankPreservation> orders = new ArrayList<>();
        for (List<Scores> group : Passes.split(
                attentions,
                scores -> 2 * Passes.bytes(shapes, scores.softmaxInput()),
                Passes.bytesOfOneExample(examples, context))) {
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
            context.runner()
                    .run(
                            List.of(exact, rounded),
                            examples,
                            run -> attentions.stream()
                                    .map(scores -> rows(
                                            scores,
                                            run.outputs().get(0),
                                            run.outputs().get(1)))
                                    .toList(),
                            rows -> {
                                for (int i = 0; i < sums.size(); i++) {
                                    rows.get(i).forEach(sums.get(i)::add);
                                }
                            });
        }
        return IntStream.range(0, attentions.size())
                .mapToObj(i -> new AttentionRankPreservation(
                        attentions.get(i).attention(), sums.get(i).heads()))
                .toList();
    }

    /** The figures of one row of scores; rows whose scores are all equal have none. */
    private record Row(int head, double pairs, double top) {}

    /** Returns the figures of the rows of one attention for one example. */
    private static List<Row> rows(Scores scores, Map<String, Tensor> reference, Map<String, Tensor> quantized) {
        Tensor wanted = matrices(reference.get(scores.softmaxInput()), scores.queriesAreColumns());
        Tensor got = matrices(quantized.get(scores.softmaxInput()), scores.queriesAreColumns());
        int width = wanted.extent(-1);
        int height = wanted.rank() < 2 ? 1 : wanted.extent(-2);
        int heads = wanted.rank() < 3 ? 1 : wanted.extent(-3);
        ConcordanceIndex agreement = new ConcordanceIndex();
        List<Row> rows = new ArrayList<>();
        for (int offset = 0; offset < wanted.size(); offset += width) {
            RankedScores row = RankedScores.of(wanted.values(), offset, width);
            if (row.pairs() > row.tiedPairs()) {
                rows.add(new Row(
                        offset / (width * height) % heads,
                        agreement.of(row, got.values(), offset),
                        overlap(row, RankedScores.of(got.values(), offset, width))));
            }
        }
        return rows;
    }

    /** Returns the share of the largest scores of the reference row that are among the largest of the quantized row. */
    private static double overlap(RankedScores reference, RankedScores quantized) {
        int[] wanted = reference.largest(TOP_K_COLUMNS);
        int[] got = quantized.largest(TOP_K_COLUMNS);
        long common = Arrays.stream(wanted)
                .filter(column -> Arrays.stream(got).anyMatch(other -> other == column))
                .count();
        return (double) common / wanted.length;
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
        private double[] pairs = new double[0];
        private double[] top = new double[0];
        private long[] rows = new long[0];

        private void add(Row row) {
            if (pairs.length <= row.head) {
                pairs = Arrays.copyOf(pairs, row.head + 1);
                top = Arrays.copyOf(top, row.head + 1);
                rows = Arrays.copyOf(rows, row.head + 1);
            }
            pairs[row.head] += row.pairs;
            top[row.head] += row.top;
            rows[row.head]++;
        }

        private List<Head> heads() {
            return IntStream.range(0, rows.length)
                    .filter(head -> rows[head] > 0)
                    .mapToObj(head -> new Head(pairs[head] / rows[head], top[head] / rows[head]))
                    .toList();
        }
    }
}
