package org.vitrail.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.vitrail.engine.Engine;
import org.vitrail.engine.ExampleSource;
import org.vitrail.engine.RunContext;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.shape.Shapes;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;
import org.vitrail.work.Progress;

/**
 * Runs all examples as often as bounded memory needs, each time only as far into the model as the wanted values need.
 */
public final class Passes {
    /** Extent assumed for an axis of unknown extent. */
    private static final long ASSUMED_EXTENT = 256;

    private final Graph graph;
    private final ExampleSource inputs;
    private final RunContext context;

    Passes(Graph graph, ExampleSource inputs, RunContext context) {
        this.graph = graph;
        this.inputs = inputs;
        this.context = context;
    }

    /** Returns groups of items, in order, whose bytes together stay below a limit; an item above the limit is alone. */
    public static <T> List<List<T>> split(List<T> items, ToLongFunction<T> bytes, long limit) {
        List<List<T>> groups = new ArrayList<>();
        long used = Long.MAX_VALUE;
        for (T item : items) {
            long size = bytes.applyAsLong(item);
            if (used > limit - size) {
                groups.add(new ArrayList<>());
                used = 0;
            }
            groups.getLast().add(item);
            used += size;
        }
        return groups;
    }

    /** Returns the bytes that a value takes for one example; axes of unknown extent are estimated. */
    public static long bytes(Shapes shapes, String value) {
        return Float.BYTES
                * shapes.of(value).orElse(List.of(Dim.of(ASSUMED_EXTENT), Dim.of(ASSUMED_EXTENT))).stream()
                        .mapToLong(dim -> dim instanceof Dim.Known(long extent)
                                ? extent
                                : dim instanceof Dim.Symbol ? 1 : ASSUMED_EXTENT)
                        .reduce(1, (a, b) -> a * b);
    }

    /** Returns the bytes that the values of one example may take while other threads work on other examples. */
    public static long bytesOfOneExample(ExampleSource examples, RunContext context) {
        return context.heldBytes() / Math.max(1, Math.min(context.threads(), examples.size()));
    }

    /** Returns the error for a value that is NaN or infinite on some example. */
    static VitrailException notFinite(String value) {
        return new VitrailException("the model computes NaN or infinite numbers at " + value
                + " on the calibration images; check its weights and the preprocessing");
    }

    /**
     * Runs one pass over the examples: in parallel, with results passed on in their order.
     *
     * @param values the values that the model computes
     * @param observe extracts what is kept of these values for an example; called from several threads
     * @param take receives what was extracted, example by example
     */
    <T> void run(
            List<String> values,
            BiFunction<Integer, Map<String, Tensor>, T> observe,
            Consumer<T> take,
            Progress.Stage stage) {
        try (Engine engine = context.open(graph, values)) {
            context.runner()
                    .run(
                            List.of(engine),
                            inputs,
                            run -> observe.apply(run.example(), run.outputs().getFirst()),
                            kept -> {
                                take.accept(kept);
                                stage.step();
                            });
        }
    }
}
