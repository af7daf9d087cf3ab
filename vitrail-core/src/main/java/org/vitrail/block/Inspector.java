package org.vitrail.block;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.vitrail.block.Attention.Scale;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;
import org.vitrail.shape.Shapes;

/** Counts the parameters and multiply-adds of the recognised parts. */
final class Inspector {
    private final Recognition recognition;
    private final Graph graph;
    private final Shapes shapes;
    private final Map<String, Node> producers = new HashMap<>();
    private final Map<String, Integer> positions = new HashMap<>();
    private final Map<String, String> places = new HashMap<>();
    private final Map<String, String> notes = new HashMap<>();
    private final Set<String> counted = new HashSet<>();

    Inspector(Recognition recognition, UnaryOperator<Graph> sized) {
        this.recognition = recognition;
        this.graph = recognition.graph();
        this.shapes = Shapes.infer(onePicture(sized.apply(graph)));
        for (Node node : graph.nodes()) {
            positions.put(node.output(), positions.size());
            node.outputs().forEach(output -> producers.put(output, node));
        }
        recognition.blocks().forEach(this::describe);
    }

    /** Returns the graph with every symbolic first extent of an input set to 1. */
    private static Graph onePicture(Graph graph) {
        List<ValueInfo> inputs = graph.inputs().stream()
                .map(input ->
                        new ValueInfo(input.name(), input.type(), input.shape().map(Inspector::first), input.rest()))
                .toList();
        return new Graph(
                graph.name(),
                inputs,
                graph.outputs(),
                graph.nodes(),
                graph.weights(),
                Map.of(),
                graph.opsets(),
                graph.metadata(),
                graph.rest());
    }

    private static List<Dim> first(List<Dim> shape) {
        return IntStream.range(0, shape.size())
                .mapToObj(axis -> axis == 0 && shape.get(0) instanceof Dim.Symbol ? Dim.of(1) : shape.get(axis))
                .toList();
    }

    private void describe(Block block) {
        String place = "block " + block.index();
        for (Attention attention : block.attentions()) {
            attention.scores().ifPresent(scores -> places.put(scores.output(), place));
            places.put(attention.output().output(), place);
            notes.put(attention.scores().orElse(attention.output()).output(), note(attention));
        }
        block.mlp()
                .flatMap(Mlp::activation)
                .ifPresent(activation -> notes.put(
                        block.mlp().orElseThrow().contract(),
                        "behind "
                                + activation
                                        .kind()
                                        .name()
                                        .toLowerCase(Locale.ROOT)
                                        .replace('_', ' ')));
    }

    private static String note(Attention attention) {
        Stream<String> heads = attention.heads().isPresent()
                        && attention.headSize().isPresent()
                ? Stream.of(
                        heads(attention.heads().getAsInt(), attention.headSize().getAsInt()))
                : Stream.empty();
        Stream<String> scales = attention.scales().stream()
                .sorted()
                .map(Scale::name)
                .map(name -> name.toLowerCase(Locale.ROOT).replace('_', ' '))
                .map(name -> "scaled " + name);
        Stream<String> masks = attention.masks().isEmpty() ? Stream.empty() : Stream.of("mask or bias added");
        return Stream.of(heads, scales, masks).flatMap(part -> part).collect(Collectors.joining(", "));
    }

    private static String heads(int count, int size) {
        return (count == 1 ? "one head of " : count + " heads of ") + size;
    }

    List<InspectedPart> parts() {
        List<InspectedPart> parts = new ArrayList<>();
        Stream.of(
                        recognition.layers().stream()
                                .map(layer -> Map.entry(positions.get(layer.output()), part(layer))),
                        recognition.products().stream()
                                .map(product -> Map.entry(positions.get(product.output()), part(product))),
                        recognition.norms().stream()
                                .map(norm -> Map.entry(
                                        positions.get(
                                                producers.get(norm.output()).output()),
                                        part(norm))))
                .flatMap(part -> part)
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .forEach(parts::add);
        parts.add(new InspectedPart(
                "", "other constants", "", "", others(), OptionalLong.of(0), "positions, tokens, scales, masks"));
        return parts;
    }

    /**
     * Returns the multiply-adds of each linear layer for one image, by its output; layers of unknown shape are left
     * out.
     */
    Map<String, Long> layers() {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (LinearLayer layer : recognition.layers()) {
            multiplyAdds(layer).ifPresent(count -> counts.put(layer.output(), count));
        }
        return counts;
    }

    private OptionalLong multiplyAdds(LinearLayer layer) {
        return times(count(layer.output()), OptionalLong.of(layer.inFeatures()));
    }

    private static String place(LinearLayer layer) {
        return layer.block().isPresent() ? "block " + layer.block().getAsInt() : "";
    }

    private InspectedPart part(LinearLayer layer) {
        return new InspectedPart(
                place(layer),
                layer.role().label(),
                layer.node().label(),
                shape(layer.input()) + " → " + shape(layer.output()),
                parameters(Stream.concat(Stream.of(layer.weight()), layer.bias().stream())
                        .toList()),
                multiplyAdds(layer),
                notes.getOrDefault(layer.output(), ""));
    }

    private InspectedPart part(Product product) {
        return new InspectedPart(
                places.getOrDefault(product.output(), ""),
                product.role().label(),
                product.node().label(),
                shape(product.left()) + " · " + shape(product.right()) + " → " + shape(product.output()),
                0,
                times(count(product.output()), last(product.left())),
                notes.getOrDefault(product.output(), ""));
    }

    private InspectedPart part(Norm norm) {
        return new InspectedPart(
                recognition.layers().stream()
                        .filter(layer -> layer.input().equals(norm.output()))
                        .map(Inspector::place)
                        .findFirst()
                        .orElse(""),
                norm.kind().label(),
                producers.get(norm.output()).label(),
                shape(norm.output()),
                parameters(Stream.concat(norm.scale().stream(), norm.bias().stream())
                        .toList()),
                OptionalLong.of(0),
                "");
    }

    /** Returns the number of elements of these constants that have not been counted before. */
    private long parameters(Collection<String> names) {
        return names.stream()
                .filter(counted::add)
                .map(graph.weights()::get)
                .filter(weight -> weight != null)
                .mapToLong(Weight::count)
                .sum();
    }

    private long others() {
        return parameters(graph.weights().entrySet().stream()
                .filter(entry -> entry.getValue().isFloating())
                .map(Map.Entry::getKey)
                .toList());
    }

    private String shape(String value) {
        return shapes.of(value)
                .map(shape -> shape.stream().map(Dim::toString).collect(Collectors.joining("×")))
                .orElse("?");
    }

    private OptionalLong count(String value) {
        return shapes.of(value)
                .map(shape -> shape.stream().map(Inspector::known).reduce(OptionalLong.of(1), Inspector::times))
                .orElse(OptionalLong.empty());
    }

    private OptionalLong last(String value) {
        return shapes.of(value)
                .filter(shape -> !shape.isEmpty())
                .map(shape -> known(shape.getLast()))
                .orElse(OptionalLong.empty());
    }

    private static OptionalLong known(Dim dim) {
        return dim instanceof Dim.Known(long extent) ? OptionalLong.of(extent) : OptionalLong.empty();
    }

    private static OptionalLong times(OptionalLong a, OptionalLong b) {
        return a.isPresent() && b.isPresent()
                ? OptionalLong.of(Math.multiplyExact(a.getAsLong(), b.getAsLong()))
                : OptionalLong.empty();
    }
}
