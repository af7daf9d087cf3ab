package org.vitrail.capture;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.vitrail.engine.ExampleSource;
import org.vitrail.graph.Graph;
import org.vitrail.tensor.Tensor;
import org.vitrail.work.Progress;

/**
 * Runs the calibration examples through the float model and gathers the {@link ActivationStatistics} of the values asked for.
 * Memory is bounded by the settings, not by the number of examples: values that do not fit together are captured in
 * passes, each of which runs the model only as far as it must. Examples run side by side and are added up in their
 * order, so that the result does not depend on the number of threads.
 */
public final class Capture {
    /** Single numbers kept where a row of channels would be. */
    private static final long SCALAR_SAMPLES_PER_ROW = 64;

    private final Graph graph;
    private final ExampleSource inputs;
    private final CaptureSettings settings;
    private final Map<String, TokenWeights> weights;

    /**
     * @param weights of the tokens of a value; values that it lacks have even ones
     */
    public Capture(Graph graph, ExampleSource inputs, CaptureSettings settings, Map<String, TokenWeights> weights) {
        this.weights = Map.copyOf(weights);
        this.graph = graph;
        this.inputs = inputs;
        this.settings = settings;
    }

    /**
     * Hands the statistics of each group of values to {@code consumer} as soon as they are complete, and then forgets
     * them.
     *
     * @param widths the values to observe, in graph order, and the extent of their last axis, or 1 to see them as single
     *     numbers
     */
    public void run(
            Map<String, Integer> widths, Progress progress, Consumer<Map<String, ActivationStatistics>> consumer) {
        List<List<String>> passes = passes(widths);
        try (Progress.Stage stage = progress.begin("calibrating", passes.size() * inputs.size())) {
            for (List<String> values : passes) {
                consumer.accept(pass(values, widths, stage));
            }
        }
    }

    private List<List<String>> passes(Map<String, Integer> widths) {
        return Passes.split(
                List.copyOf(widths.keySet()),
                value -> 4L * widths.get(value) * (widths.get(value) + settings.sampleRows()),
                settings.passBytes());
    }

    private Map<String, ActivationStatistics> pass(
            List<String> values, Map<String, Integer> widths, Progress.Stage stage) {
        Map<String, ActivationStatistics> statistics = new LinkedHashMap<>();
        values.forEach(value -> statistics.put(value, ActivationStatistics.empty(widths.get(value))));
        new Passes(graph, inputs, settings.threads())
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
            SplittableRandom random = new SplittableRandom(settings.seed() * 31 + example);
            TokenWeights tokens = weights.getOrDefault(name, TokenWeights.EVEN);
            statistics.put(
                    name, ActivationStatistics.of(example, value, width, sampleRows(example, width), tokens, random));
        });
        return statistics;
    }

    /** The rows kept of one example, so that all together keep what the settings say; single numbers are cheap. */
    private int sampleRows(int example, int width) {
        long rows = width == 1 ? SCALAR_SAMPLES_PER_ROW * settings.sampleRows() : settings.sampleRows();
        return (int) ((example + 1) * rows / inputs.size() - example * rows / inputs.size());
    }
}
