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
 * The values that segments pass to later segments.
 *
 * @param values types and ranks of the values that segments read
 * @param bytes the largest memory that one example's values take at once
 */
public record SegmentBoundary(Map<String, ValueInfo> values, long bytes) {
    public static SegmentBoundary of(
            Graph graph, List<GraphSegment> segments, Map<String, Tensor> example, RunContext context) {
        Set<String> wanted = new LinkedHashSet<>();
        segments.forEach(segment -> wanted.addAll(segment.outputs()));
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
        for (int s = 0; s < segments.size(); s++) {
            Set<String> held = readAfter(segments, s);
            held.addAll(segments.get(s).outputs());
            most = Math.max(
                    most,
                    held.stream()
                            .mapToLong(name -> sizes.getOrDefault(name, 0L))
                            .sum());
        }
        return new SegmentBoundary(values, most);
    }

    /** The extent of the channel axis is known; the other extents may differ between examples. */
    private static List<Dim> dims(Tensor value) {
        List<Dim> dims = new ArrayList<>();
        for (int axis = 0; axis < value.rank(); axis++) {
            dims.add(axis == value.rank() - 1 ? Dim.of(value.extent(axis)) : Dim.unknown());
        }
        return dims;
    }

    /** Returns the values that segments after this one read. */
    public static Set<String> readAfter(List<GraphSegment> segments, int index) {
        return segments.stream()
                .skip(index + 1L)
                .flatMap(later -> later.inputs().stream())
                .collect(Collectors.toSet());
    }
}
