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
 * A quantized model, the plan behind it and its verification.
 *
 * @param graph standard ONNX, ready to be written
 * @param recognition of the float model in its prepared form
 * @param allocation how its modules came by their bits, where each has its own
 */
public record QuantizationResult(
        Graph graph, Recognition recognition, Plan plan, Optional<Allocation> allocation, Verification verification) {
    /** Returns the bytes of the float model's weights in float32. */
    public long floatBytes() {
        return recognition.graph().weights().values().stream()
                .filter(Weight::isFloating)
                .mapToLong(weight -> Float.BYTES * (long) weight.count())
                .sum();
    }

    /** Describes exceptional parts of the model: massive channels. */
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

    /** Describes the products that stay float, and why. Products of attention are not included. */
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

    /** Counts the quantized products that have a range per head. */
    public int productsWithHeads() {
        return (int) plan.products().stream()
                .filter(product ->
                        !product.left().isShared() && !product.right().isShared())
                .count();
    }

    /**
     * Returns the share of all multiply-adds in linear layers and convolutions that run in integers; empty where the
     * shape of some layer is unknown.
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

    /** Returns the quantized linear layers, in graph order. */
    public List<LinearLayer> layers() {
        Set<String> quantized = quantizedLayers();
        return recognition.layers().stream()
                .filter(layer -> quantized.contains(layer.output()))
                .toList();
    }
}
