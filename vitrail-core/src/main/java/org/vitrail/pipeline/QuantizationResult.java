package org.vitrail.pipeline;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vitrail.allocate.Allocation;
import org.vitrail.block.Inspection;
import org.vitrail.block.LinearLayer;
import org.vitrail.block.Recognition;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Weight;
import org.vitrail.plan.LinearPlan;
import org.vitrail.plan.Plan;

/**
 * A quantized model and what is known of it.
 *
 * @param graph standard ONNX, ready to be written
 * @param recognition of the float model in its prepared form
 * @param allocation how its modules came by their bits, where each has its own
 */
public record QuantizationResult(
        Graph graph, Recognition recognition, Plan plan, Optional<Allocation> allocation, Verification verification) {
    /** Bytes that the weights of the float model take in float32. */
    public long floatBytes() {
        return recognition.graph().weights().values().stream()
                .filter(Weight::isFloating)
                .mapToLong(weight -> Float.BYTES * (long) weight.count())
                .sum();
    }

    /** Parts that are out of the ordinary, in words: massive channels. */
    public List<String> remarks() {
        return plan.layers().stream()
                .flatMap(layer -> layer.input().massive().stream()
                        .map(massive -> LayerNames.of(recognition, layer.layer()) + ": massive input "
                                + (massive.channels().size() == 1 ? "channel " : "channels ")
                                + massive.channels().stream()
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(", "))
                                + " quantized apart"))
                .toList();
    }

    /** What multiplies and stays float, and why, in words; attention's own products are not among it. */
    public List<String> floatLayers() {
        Set<String> quantized = quantizedLayers();
        return Stream.concat(
                        recognition.layers().stream()
                                .filter(layer -> !quantized.contains(layer.output()))
                                .map(layer -> LayerNames.of(layer) + ": "
                                        + FloatFallbackReasons.of(layer, recognition.graph())),
                        recognition.unrecognised().stream()
                                .map(part -> part.node().label() + ": " + part.reason()))
                .toList();
    }

    /** How many of the quantized products have an interval for each head. */
    public int productsWithHeads() {
        return (int) plan.products().stream()
                .filter(product ->
                        !product.left().isShared() && !product.right().isShared())
                .count();
    }

    /**
     * The share of all multiply-adds in linear layers and convolutions that integers do; empty where the shape of some
     * layer is not known.
     */
    public OptionalDouble integerShare() {
        Map<String, Long> counts = Inspection.multiplyAdds(recognition);
        Set<String> quantized = quantizedLayers();
        long integers = 0;
        long all = 0;
        for (Map.Entry<String, Long> layer : counts.entrySet()) {
            all += layer.getValue();
            integers += quantized.contains(layer.getKey()) ? layer.getValue() : 0;
        }
        return all == 0 || counts.size() < recognition.layers().size()
                ? OptionalDouble.empty()
                : OptionalDouble.of((double) integers / all);
    }

    private Set<String> quantizedLayers() {
        return plan.layers().stream().map(LinearPlan::layer).collect(Collectors.toSet());
    }

    /** The linear layers that were quantized, in graph order. */
    public List<LinearLayer> layers() {
        Set<String> quantized = quantizedLayers();
        return recognition.layers().stream()
                .filter(layer -> quantized.contains(layer.output()))
                .toList();
    }
}
