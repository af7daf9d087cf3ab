package org.vitrail.capture;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.vitrail.engine.ExampleSource;
import org.vitrail.engine.RunContext;
import org.vitrail.graph.Graph;
import org.vitrail.tensor.Tensor;
import org.vitrail.work.Progress;

/**
 * Runs the calibration examples through the float model and gathers the {@link ActivationStatistics} of the values asked for.
 * Memory is bounded by the context, not by the number of examples: values that do not fit together are captured in
 * passes, each of which runs the model only as far as it must. Examples run side by side and are added up in their
 * order, so that the result does not depend on the number of threads.
 */
public final class Capture {
    /** Number of single numbers that are kept where a row of channels would be. */
    private static final long SCALAR_SAMPLES_PER_ROW = 64;

    private final Graph graph;
    private final ExampleSource inputs;
    private final int sampleRows;
    private final Map<String, TokenWeights> weights;
    private final RunContext context;

    /**
     * @param sampleRows rows kept of each value, over all examples
     * @param weights of the tokens of a value; values that it lacks have even ones
     */
    public Capture(
            Graph graph, ExampleSource inputs, int sampleRows, Map<String, TokenWeights> weights, RunContext context) {
        this.graph = graph;
        this.inputs = inputs;
        this.sampleRows = sampleRows;
        this.weights = Map.copyOf(weights);
        this.context = context;
    }

    /**
     * Passes the statistics of each group of values to {@code consumer} as soon as they are complete, and then releases
     * them.
     *
     * @param widths the values to observe, in graph order, with the extent of their last axis, or 1 to treat them as
     * single numbers
     */
    public void run(Map<String, Integer> widths, Consumer<Map<String, ActivationStatistics>> consumer) {
        List<List<String>> passes = passes(widths);
        try (Progress.Stage stage = context.progress().begin("calibrating", passes.size() * inputs.size())) {
            for (List<String> values : passes) {
                consumer.accept(pass(values, widths, stage));
            }
        }
    }

    /** Returns the number of partial Gram matrices of a value that are held at once while so many examples are added up. */
    public static int partialSums(int examples) {
        return BlockedSum.mostParts(examples);
    }

    /** Splits the values by the bytes of their finished statistics. */
    private List<List<String>> passes(Map<String, Integer> widths) {
        return Passes.split(
                List.copyOf(widths.keySet()),
                value -> Float.BYTES * (long) widths.get(value) * (widths.get(value) + sampleRows),
                context.heldBytes());
    }

    private Map<String, ActivationStatistics> pass(
            List<String> values, Map<String, Integer> widths, Progress.Stage stage) {
        Map<String, ActivationStatistics> statistics = new LinkedHashMap<>();
        values.forEach(value -> statistics.put(value, ActivationStatistics.empty(widths.get(value))));
        new Passes(graph, inputs, context)
                .run(
                        values,
                        (example, found) -> observe(example, found, widths),
                        one -> one.forEach(
                                (value, part) -> statistics.get(value).merge(part)),
                        stage);
        statistics.forEach((value, gathered) -> {
            if (!gathered.isFinite()) {
                throw Passes.notFinite(value);
            }
        });
        return statistics;
    }

    private Map<String, ActivationStatistics> observe(
            int example, Map<String, Tensor> values, Map<String, Integer> widths) {
        Map<String, ActivationStatistics> statistics = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            int width = widths.get(name);
            SplittableRandom random = new SplittableRandom(context.seed() * 31 + example);
            TokenWeights tokens = weights.getOrDefault(name, TokenWeights.EVEN);
            statistics.put(
                    name, ActivationStatistics.of(example, value, width, sampleRows(example, width), tokens, random));
        });
        return statistics;
    }

    /** Returns the number of rows to keep of one example, so that all examples together keep what the settings say. */
    private int sampleRows(int example, int width) {
        long rows = width == 1 ? SCALAR_SAMPLES_PER_ROW * sampleRows : sampleRows;
        return (int) ((example + 1) * rows / inputs.size() - example * rows / inputs.size());
    }
}
