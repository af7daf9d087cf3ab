package org.vitrail.subgraph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.vitrail.engine.Engine;
import org.vitrail.engine.ExampleSource;
import org.vitrail.engine.RunContext;
import org.vitrail.graph.Graph;
import org.vitrail.tensor.Tensor;
import org.vitrail.work.Progress;

/**
 * Runs a graph segment by segment on all examples, so that the values at the end of a segment can be measured and changed
 * before the segments behind it read them. All of it costs one run of the graph for each example.
 *
 * <p>The values between two segments are held in memory; where the context's memory is too small for those of all
 * examples, the first ones are taken.
 */
public final class SequentialPass {
    private final Graph graph;
    private final List<GraphSegment> segments;
    private final SegmentBoundary boundary;
    private final ExampleSource inputs;
    private final RunContext context;

    /**
     * Cuts the graph behind these values; values that do not depend on each other share a cut.
     *
     * @param values in graph order
     * @param inputs of the graph; at least one example
     */
    public SequentialPass(Graph graph, List<String> values, ExampleSource inputs, RunContext context) {
        this.graph = graph;
        this.segments = GraphSegment.cut(graph, GraphSegment.sideBySide(graph, values));
        this.boundary = SegmentBoundary.of(graph, segments, inputs.get(0), context);
        int examples = (int) Math.max(1, Math.min(inputs.size(), context.heldBytes() / boundary.bytes()));
        this.inputs = inputs.first(examples);
        this.context = context;
    }

    /** Sees what a segment computed. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * Is called behind each segment, in their order.
         *
         * @param outputs the segment's, among them the values that it ends at
         * @param examples the values that each example holds, by name
         * @return for values that change, how; the segments behind read them changed
         */
        Map<String, UnaryOperator<Tensor>> visit(List<String> outputs, List<Map<String, Tensor>> examples);
    }

    /** The examples that the graph is run on. */
    public ExampleSource examples() {
        return inputs;
    }

    /** The steps of progress that {@link #run} makes: one a segment and example. */
    public int steps() {
        return segments.size() * inputs.size();
    }

    public void run(Visitor visitor, Progress.Stage stage) {
        List<Map<String, Tensor>> held = Collections.nCopies(inputs.size(), Map.of());
        for (int s = 0; s < segments.size(); s++) {
            held = run(segments.get(s), held, stage);
            Map<String, UnaryOperator<Tensor>> changes =
                    visitor.visit(segments.get(s).outputs(), Collections.unmodifiableList(held));
            Set<String> readLater = SegmentBoundary.readAfter(segments, s);
            held = held.stream()
                    .map(values -> changed(values, readLater, changes))
                    .toList();
        }
    }

    /** The values that every example holds behind this segment. */
    private List<Map<String, Tensor>> run(GraphSegment segment, List<Map<String, Tensor>> held, Progress.Stage stage) {
        List<Map<String, Tensor>> behind = new ArrayList<>();
        try (Engine engine = context.open(segment.graph(graph, boundary.values()))) {
            context.runner()
                    .run(
                            List.of(engine),
                            inputs(segment, engine.inputs(), held),
                            run -> {
                                Map<String, Tensor> all = new HashMap<>(held.get(run.example()));
                                all.putAll(run.outputs().getFirst());
                                return all;
                            },
                            all -> {
                                behind.add(all);
                                stage.step();
                            });
        }
        return behind;
    }

    /** The inputs of a segment: from the segments before it, else the graph's own. */
    private ExampleSource inputs(GraphSegment segment, List<String> names, List<Map<String, Tensor>> held) {
        return new ExampleSource() {
            @Override
            public int size() {
                return held.size();
            }

            @Override
            public Map<String, Tensor> get(int index) {
                Map<String, Tensor> all = held.get(index);
                Map<String, Tensor> own = all.keySet().containsAll(segment.inputs()) ? Map.of() : inputs.get(index);
                Map<String, Tensor> fed = new HashMap<>();
                names.forEach(name -> fed.put(name, all.getOrDefault(name, own.get(name))));
                return fed;
            }
        };
    }

    /** The values that later segments read, with these changes. */
    private static Map<String, Tensor> changed(
            Map<String, Tensor> values, Set<String> readLater, Map<String, UnaryOperator<Tensor>> changes) {
        Map<String, Tensor> kept = new HashMap<>();
        values.forEach((name, value) -> {
            if (readLater.contains(name)) {
                kept.put(
                        name,
                        changes.getOrDefault(name, UnaryOperator.identity()).apply(value));
            }
        });
        return kept;
    }
}
