package org.vitrail.pipeline;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.vitrail.allocate.Allocation;
import org.vitrail.block.LinearLayer;
import org.vitrail.block.Recognition;
import org.vitrail.graph.Graph;
import org.vitrail.plan.LinearPlan;
import org.vitrail.plan.Plan;

/**
 * A quantized model and what is known of it.
 *
 * @param graph standard ONNX, ready to be written
 * @param recognition of the float model in its prepared form
 * @param allocation how its modules came by their bits, where each has its own
 */
public record Quantized(
        Graph graph, Recognition recognition, Plan plan, Optional<Allocation> allocation, Verification verification) {
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

    /** The layers that stay float and why, in words. */
    public List<String> floatLayers() {
        List<String> quantized = plan.layers().stream().map(LinearPlan::layer).toList();
        return recognition.layers().stream()
                .filter(layer -> !quantized.contains(layer.output()))
                .map(layer -> LayerNames.of(layer) + ": "
                        + (layer.isConvolution()
                                ? "a convolution that no product can replace"
                                : "not data times a plain matrix"))
                .toList();
    }

    /** How many of the quantized products have an interval for each head. */
    public int productsWithHeads() {
        return (int) plan.products().stream()
                .filter(product ->
                        !product.left().isShared() && !product.right().isShared())
                .count();
    }

    /** The linear layers that were quantized, in graph order. */
    public List<LinearLayer> layers() {
        List<String> quantized = plan.layers().stream().map(LinearPlan::layer).toList();
        return recognition.layers().stream()
                .filter(layer -> quantized.contains(layer.output()))
                .toList();
    }
}
