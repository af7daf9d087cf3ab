package org.vitrail.plan;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vitrail.block.LinearLayer;
import org.vitrail.block.Product;
import org.vitrail.block.Recognition;
import org.vitrail.graph.Dim;
import org.vitrail.quantizer.AffineQuantizer;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.quantizer.Grid;
import org.vitrail.quantizer.HeadQuantizers;
import org.vitrail.quantizer.LayerInputQuantizer;
import org.vitrail.quantizer.QuantizedWeight;
import org.vitrail.shape.Shapes;
import org.vitrail.tensor.VitrailException;

/** Checks that a plan from a file fits a model: names, shapes and grids. */
final class PlanFit {
    private final Path file;
    private final Shapes shapes;
    private final Map<String, LinearLayer> layers = new HashMap<>();
    private final Map<String, Product> products = new HashMap<>();
    private final Set<String> planned = new HashSet<>();

    PlanFit(Path file, Recognition recognition) {
        this.file = file;
        this.shapes = Shapes.infer(recognition.graph());
        recognition.layers().stream()
                .filter(layer -> !layer.isConvolution() && layer.dataInput() == 0)
                .forEach(layer -> layers.put(layer.output(), layer));
        recognition.products().stream()
                .filter(product -> product.node().is("MatMul"))
                .forEach(product -> products.put(product.output(), product));
    }

    /** Throws {@link VitrailException} at the first field that does not fit. */
    void require(Plan plan) {
        for (int i = 0; i < plan.layers().size(); i++) {
            layer("plan.layers[" + i + "]", plan.layers().get(i));
        }
        for (int i = 0; i < plan.products().size(); i++) {
            product("plan.products[" + i + "]", plan.products().get(i));
        }
    }

    private void layer(String field, LinearPlan plan) {
        LinearLayer layer = layers.get(plan.layer());
        require(
                layer != null && planned.add(plan.layer()),
                field + ".layer",
                "must be another linear layer of the model, got " + plan.layer());
        QuantizedWeight weight = plan.weight();
        require(
                weight.rows() == layer.inFeatures() && weight.columns() == layer.outFeatures(),
                field + ".weight",
                "must have " + layer.inFeatures() + " × " + layer.outFeatures() + " codes, got " + weight.rows() + " × "
                        + weight.columns());
        int corrections = plan.biasCorrection().length;
        require(
                corrections == 0 || corrections == layer.outFeatures(),
                field + ".biasCorrection",
                "must have 0 or " + layer.outFeatures() + " numbers, got " + corrections);
        grid(field + ".input.main.grid", plan.input().main());
        if (plan.input().massive().isPresent()) {
            massive(field + ".input.massive", plan.input().massive().get(), layer.inFeatures());
        }
    }

    private void massive(String field, LayerInputQuantizer.Massive massive, int channels) {
        int least = 0;
        for (int channel : massive.channels()) {
            require(
                    channel >= least && channel < channels,
                    field + ".channels",
                    "must be ascending channels below " + channels + ", got " + channel);
            least = channel + 1;
        }
        grid(field + ".quantizer.grid", massive.quantizer());
    }

    private void product(String field, ProductPlan plan) {
        Product product = products.get(plan.product());
        require(
                product != null && planned.add(plan.product()),
                field + ".product",
                "must be another product of the model, got " + plan.product());
        operand(field + ".left", plan.left(), product.left());
        operand(field + ".right", plan.right(), product.right());
    }

    private void operand(String field, HeadQuantizers quantizers, String operand) {
        grid(field + ".quantizers[0].grid", quantizers.quantizers().getFirst());
        if (quantizers.isShared()) {
            return;
        }
        List<Dim> shape = shapes.of(operand).orElse(List.of());
        int heads = quantizers.quantizers().size();
        int axis = shape.size() + quantizers.axis();
        require(
                axis >= 0 && shape.get(axis).is(heads),
                field,
                "must have one quantizer, or one for each head on an axis of heads, got " + heads + " on axis "
                        + quantizers.axis());
    }

    /** Activations have the unsigned grid of a bit width. */
    private void grid(String field, AffineQuantizer quantizer) {
        Grid grid = quantizer.grid();
        int bits = Integer.bitCount(grid.highest());
        require(
                bits >= BitWidth.MIN_BITS && bits <= BitWidth.MAX_BITS && grid.equals(new BitWidth(bits).unsigned()),
                field,
                "must be 0 to 2^b − 1 for " + BitWidth.MIN_BITS + " to " + BitWidth.MAX_BITS + " bits b, got "
                        + grid.lowest() + " to " + grid.highest());
    }

    private void require(boolean holds, String field, String wanted) {
        if (!holds) {
            throw new VitrailException(
                    file + ": " + field + " " + wanted + ": give the plan that was saved with this model");
        }
    }
}
