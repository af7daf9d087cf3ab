package org.vitrail.shape;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphEditor;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;

/**
 * Adds shape vectors to a graph, each once: as constants, or computed from the graph's inputs with as few nodes as
 * possible.
 */
public final class ShapeVectors {
    private final Graph graph;
    private final GraphEditor editor;
    private final Map<List<Long>, String> constants = new HashMap<>();
    private final Map<String, String> shapes = new HashMap<>();
    private final Map<String, String> extents = new HashMap<>();
    private final Map<List<ScaledSymbol>, String> vectors = new HashMap<>();

    public ShapeVectors(Graph graph, GraphEditor editor) {
        this.graph = graph;
        this.editor = editor;
    }

    public String constant(List<Long> elements) {
        return constants.computeIfAbsent(
                elements,
                key -> editor.add(
                        "shape",
                        Weight.ofLongs(
                                new int[] {elements.size()},
                                elements.stream().mapToLong(Long::longValue).toArray())));
    }

    /** Returns a vector of these elements; empty where one needs a symbol that is not an extent of an input. */
    public Optional<String> vector(List<ScaledSymbol> elements) {
        if (!elements.stream()
                .allMatch(element ->
                        element.isNumber() || source(element.symbol()).isPresent())) {
            return Optional.empty();
        }
        return Optional.of(vectors.computeIfAbsent(elements, this::add));
    }

    private String add(List<ScaledSymbol> elements) {
        List<String> parts = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        for (ScaledSymbol element : elements) {
            if (element.isNumber()) {
                numbers.add(element.factor());
            } else {
                if (!numbers.isEmpty()) {
                    parts.add(constant(List.copyOf(numbers)));
                    numbers.clear();
                }
                parts.add(element(element));
            }
        }
        if (!numbers.isEmpty()) {
            parts.add(constant(List.copyOf(numbers)));
        }
        return parts.size() == 1
                ? parts.getFirst()
                : editor.add("Concat", parts, "shape", Map.of("axis", Attribute.of(0)));
    }

    /** Returns a vector of one element: an extent of an input, times the factor. */
    private String element(ScaledSymbol element) {
        String extent = extents.computeIfAbsent(element.symbol(), this::extent);
        return element.factor() == 1
                ? extent
                : editor.add("Mul", List.of(extent, constant(List.of(element.factor()))), element.symbol());
    }

    private String extent(String symbol) {
        Source source = source(symbol).orElseThrow();
        String shape =
                shapes.computeIfAbsent(source.input(), input -> editor.add("Shape", List.of(input), input + "_shape"));
        return editor.add("Gather", List.of(shape, constant(List.of((long) source.axis()))), symbol);
    }

    private record Source(String input, int axis) {}

    private Optional<Source> source(String symbol) {
        for (ValueInfo input : graph.inputs()) {
            int axis = input.shape().orElse(List.of()).indexOf(new Dim.Symbol(symbol));
            if (axis >= 0) {
                return Optional.of(new Source(input.name(), axis));
            }
        }
        return Optional.empty();
    }
}
