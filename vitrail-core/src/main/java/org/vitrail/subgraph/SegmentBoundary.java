package org.vitrail.subgraph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.vitrail.engine.Engine;
import org.vitrail.engine.RunContext;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.ValueInfo;
import org.vitrail.tensor.Tensor;

/**
 * What lies between the stretches.
 *
 * @param values types and ranks of what stretches read
 * @param bytes the most that one example holds at once
 */
public record SegmentBoundary(Map<String, ValueInfo> values, long bytes) {
    public static SegmentBoundary of(
            Graph graph, List<GraphSegment> stretches, Map<String, Tensor> example, RunContext context) {
        Set<String> wanted = new LinkedHashSet<>();
        stretches.forEach(stretch -> wanted.addAll(stretch.outputs()));
        Map<String, ValueInfo> values = new HashMap<>();
        graph.inputs().forEach(input -> values.put(input.name(), input));
        Map<String, Long> sizes = new HashMap<>();
        try (Engine engine = context.open(graph, List.copyOf(wanted))) {
            engine.run(example).forEach((name, value) -> {
                values.put(name, ValueInfo.of(name, engine.type(name), dims(value)));
                sizes.put(name, 4L * value.size());
            });
        }
        long most = 1;
        for (int s = 0; s < stretches.size(); s++) {
            Set<String> held = readAfter(stretches, s);
            held.addAll(stretches.get(s).outputs());
            most = Math.max(
                    most,
                    held.stream()
                            .mapToLong(name -> sizes.getOrDefault(name, 0L))
                            .sum());
        }
        return new SegmentBoundary(values, most);
    }

    /** The extent of channels is known; examples may differ in the others. */
    private static List<Dim> dims(Tensor value) {
        List<Dim> dims = new ArrayList<>();
        for (int axis = 0; axis < value.rank(); axis++) {
            dims.add(axis == value.rank() - 1 ? Dim.of(value.extent(axis)) : Dim.unknown());
        }
        return dims;
    }

    /** What stretches behind this one read. */
    public static Set<String> readAfter(List<GraphSegment> stretches, int index) {
        return stretches.stream()
                .skip(index + 1L)
                .flatMap(later -> later.inputs().stream())
                .collect(Collectors.toSet());
    }
}
