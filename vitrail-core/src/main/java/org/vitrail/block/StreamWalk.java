package org.vitrail.block;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.vitrail.block.ChannelFlow.Channels;
import org.vitrail.block.ResidualStream.Reader;
import org.vitrail.block.ResidualStream.Writer;
import org.vitrail.graph.Node;

/**
 * Walks over all values that have the channels of one stream, with and against the data flow, and collects where they
 * come from and where they go.
 */
final class StreamWalk {
    private final Recognition recognition;
    private final DataFlow wiring;
    private final ChannelFlow flow;
    private final int extent;
    private final Map<String, LinearLayer> layersByResult = new LinkedHashMap<>();
    private final Map<String, LinearLayer> layersByNode = new LinkedHashMap<>();
    private final Map<String, Norm> normsByOutput = new LinkedHashMap<>();

    /** The values of the stream. */
    private final Map<String, Channels> places = new LinkedHashMap<>();

    private final Deque<String> open = new ArrayDeque<>();
    private final List<String> sums = new ArrayList<>();
    private final Map<String, Writer> writers = new LinkedHashMap<>();
    private final Map<String, Reader> readers = new LinkedHashMap<>();

    /** Concatenations along the channels, with the value of the stream that was seen to enter them. */
    private final Map<Node, String> joined = new LinkedHashMap<>();

    StreamWalk(Recognition recognition, DataFlow wiring, ChannelFlow flow, int extent) {
        this.recognition = recognition;
        this.wiring = wiring;
        this.flow = flow;
        this.extent = extent;
        recognition.layers().forEach(layer -> {
            layersByResult.put(wiring.source(layer.result()), layer);
            layersByNode.put(layer.node().output(), layer);
        });
        recognition.norms().forEach(norm -> normsByOutput.put(wiring.source(norm.output()), norm));
    }

    /** Returns the place of the channels in a layer's result. */
    static Optional<Channels> outputChannels(LinearLayer layer, ChannelFlow flow) {
        return flow.rank(layer.result()).stream()
                .mapToObj(rank -> new Channels(layer.isConvolution() ? 1 : rank - 1 - layer.dataInput(), 1))
                .findFirst();
    }

    /** Returns the norm of a value that the node is, or is a part of. */
    static Optional<Norm> norm(Recognition recognition, DataFlow wiring, String value, Node node) {
        return recognition.norms().stream()
                .filter(norm -> wiring.same(norm.input(), value) && wiring.reaches(node, norm.output()))
                .findFirst();
    }

    /** Returns the stream that this value, with its channels there, belongs to. */
    ResidualStream.Stage from(String value, Channels channels) {
        join(value, channels);
        while (!open.isEmpty()) {
            String at = open.poll();
            walkBack(at, places.get(at));
            walkOn(at, places.get(at));
        }
        joined.forEach((node, input) -> {
            boolean all = node.inputs().stream().map(wiring::source).allMatch(places::containsKey);
            if (all) {
                Channels groups =
                        new Channels(places.get(input).axis(), node.inputs().size());
                end(node.output(), groups);
            } else {
                readers.put(node.output(), new Reader.Other(node.output()));
            }
        });
        Comparator<String> order = Comparator.comparingInt(this::position);
        return new ResidualStream.Stage(
                extent, sums.stream().sorted(order).toList(), sorted(writers, order), sorted(readers, order));
    }

    private static <T> List<T> sorted(Map<String, T> parts, Comparator<String> order) {
        return parts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(order))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** The place in the graph of what makes a value; constants and inputs are before all nodes. */
    private int position(String value) {
        return wiring.producer(value).map(wiring::position).orElse(-1);
    }

    private void join(String value, Channels channels) {
        String source = wiring.source(value);
        if (flow.hasExtent(source, channels.axis(), extent)) {
            if (places.putIfAbsent(source, channels) == null) {
                open.add(source);
            }
        } else {
            writers.putIfAbsent(source, new Writer.Other(source));
        }
    }

    private void walkBack(String value, Channels channels) {
        Optional<Node> producer = wiring.producer(value);
        if (wiring.isConstant(value)) {
            writers.put(value, new Writer.OfConstant(value, channels.axis()));
        } else if (producer.isEmpty()) {
            writers.put(value, new Writer.Other(value));
        } else if (layer(value, channels).isPresent() || normsByOutput.containsKey(value)) {
            writers.put(value, branch(value, channels));
        } else if (producer.get().is("Add")) {
            if (wiring.activations(producer.get()).size() == 2) {
                sums.add(value);
            }
            joinInputs(producer.get(), input -> flow.aligned(value, channels, input));
        } else if (isScaled(producer.get())) {
            writers.put(value, branch(value, channels));
        } else {
            joinInputs(producer.get(), input -> flow.behind(producer.get(), input, channels));
        }
    }

    private void joinInputs(Node node, Function<String, Optional<Channels>> place) {
        for (String input : DataFlow.dataInputs(node)) {
            place.apply(input)
                    .ifPresentOrElse(
                            channels -> join(input, channels),
                            () -> writers.put(node.output(), new Writer.Other(node.output())));
        }
    }

    private Optional<LinearLayer> layer(String value, Channels channels) {
        return Optional.ofNullable(layersByResult.get(value))
                .filter(layer -> outputChannels(layer, flow).equals(Optional.of(channels)));
    }

    private boolean isScaled(Node node) {
        return node.is("Mul") && wiring.activations(node).size() == 1;
    }

    /** Returns the writer at the end of a branch: a layer, perhaps with a norm and a scale behind it. */
    private Writer branch(String value, Channels channels) {
        Optional<Norm> norm = Optional.empty();
        Optional<String> scale = Optional.empty();
        String at = value;
        Channels place = channels;
        while (true) {
            Optional<LinearLayer> layer = layer(at, place);
            Optional<Node> producer = wiring.producer(at);
            if (layer.isPresent()) {
                return new Writer.OfLayer(layer.get(), norm, scale);
            }
            Optional<String> next = Optional.empty();
            Optional<Channels> before = Optional.of(place);
            if (normsByOutput.containsKey(at)) {
                norm = norm.isEmpty() ? Optional.of(normsByOutput.get(at)) : Optional.empty();
                next = norm.map(Norm::input);
            } else if (producer.isPresent() && isScaled(producer.get()) && scale.isEmpty()) {
                scale = producer.get().inputs().stream()
                        .filter(wiring::isConstant)
                        .findFirst();
                next = Optional.of(wiring.activations(producer.get()).getFirst());
                before = flow.aligned(at, place, next.get());
            } else if (producer.isPresent()
                    && DataFlow.dataInputs(producer.get()).size() == 1) {
                next = Optional.of(DataFlow.dataInputs(producer.get()).getFirst());
                before = flow.behind(producer.get(), next.get(), place);
            }
            if (next.isEmpty() || before.isEmpty()) {
                return normsByOutput.containsKey(value)
                        ? new Writer.OfNorm(normsByOutput.get(value))
                        : new Writer.Other(value);
            }
            at = wiring.source(next.get());
            place = before.get();
        }
    }

    private void walkOn(String value, Channels channels) {
        outputs(value).forEach(name -> readers.put(name, new Reader.Output(name)));
        for (Node node : wiring.readers(value)) {
            Optional<Reader> reader = reader(node, value, channels);
            if (reader.isPresent()) {
                readers.put(key(reader.get()), reader.get());
            } else if (node.is("Add")) {
                flow.aligned(value, channels, node.output())
                        .ifPresentOrElse(place -> join(node.output(), place), () -> other(node));
            } else if (flow.joinsChannels(node, value, channels, extent)) {
                joined.put(node, value);
            } else {
                flow.ahead(node, value, channels)
                        .ifPresentOrElse(
                                place -> node.outputs().forEach(output -> {
                                    if (place.groups() == 1) {
                                        join(output, place);
                                    } else {
                                        end(output, place);
                                    }
                                }),
                                () -> other(node));
            }
        }
    }

    private void other(Node node) {
        readers.put(node.output(), new Reader.Other(node.output()));
    }

    private Stream<String> outputs(String value) {
        return wiring.graph().outputNames().stream().filter(output -> wiring.same(output, value));
    }

    private static String key(Reader reader) {
        return switch (reader) {
            case Reader.OfNorm norm -> norm.norm().output();
            case Reader.OfLayer layer -> layer.layer().output();
            case Reader.Output output -> output.name();
            case Reader.Other other -> other.value();
        };
    }

    /** Returns the reader that a node is, or is a part of; empty where it is none. */
    private Optional<Reader> reader(Node node, String value, Channels channels) {
        Optional<Norm> norm = norm(recognition, wiring, value, node);
        boolean last = flow.rank(value).stream().anyMatch(rank -> channels.axis() == rank - 1);
        if (norm.isPresent() && last) {
            List<LinearLayer> layers = new ArrayList<>();
            List<String> others = new ArrayList<>();
            consumers(norm.get().output(), channels, layers, others);
            return Optional.of(new Reader.OfNorm(norm.get(), channels.groups(), layers, others));
        }
        return Optional.ofNullable(layersByNode.get(node.output()))
                .filter(layer -> contracts(layer, value, channels))
                .map(layer -> new Reader.OfLayer(layer, channels.groups()));
    }

    /** Returns whether the layer sums over the channels alone. */
    private boolean contracts(LinearLayer layer, String value, Channels channels) {
        if (!wiring.same(layer.input(), value)) {
            return false;
        }
        if (layer.isConvolution()) {
            return channels.axis() == 1 && layer.node().intAttribute("group", 1) == 1;
        }
        return channels.axis() == flow.rank(value).orElse(0) - 1 - layer.dataInput()
                && layer.inFeatures() == extent * channels.groups()
                && layer.node().intAttribute("transA", 0) == 0;
    }

    /** Follows channels of several tokens side by side to the norms and layers that read them. */
    private void end(String value, Channels channels) {
        outputs(value).forEach(name -> readers.put(name, new Reader.Output(name)));
        for (Node node : wiring.readers(value)) {
            Optional<Reader> reader = reader(node, value, channels);
            if (reader.isPresent()) {
                readers.put(key(reader.get()), reader.get());
            } else {
                flow.ahead(node, value, channels)
                        .ifPresentOrElse(
                                place -> node.outputs().forEach(output -> end(output, place)), () -> other(node));
            }
        }
    }

    /** Collects the layers that read a normalized value, and what else reads it. */
    private void consumers(String value, Channels channels, List<LinearLayer> layers, List<String> others) {
        outputs(value).filter(name -> !others.contains(name)).forEach(others::add);
        for (Node node : wiring.readers(value)) {
            LinearLayer layer = layersByNode.get(node.output());
            if (layer != null && contracts(layer, value, channels)) {
                if (!layers.contains(layer)) {
                    layers.add(layer);
                }
            } else {
                Optional<Channels> place = flow.ahead(node, value, channels);
                if (place.isPresent()) {
                    node.outputs().forEach(output -> consumers(output, place.get(), layers, others));
                } else if (!others.contains(node.output())) {
                    others.add(node.output());
                }
            }
        }
    }
}
