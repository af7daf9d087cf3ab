package org.vitrail.pipeline;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.vitrail.allocate.TransformerModule;
import org.vitrail.export.Deployment;
import org.vitrail.export.Target;
import org.vitrail.plan.LinearPlan;
import org.vitrail.plan.Plan;
import org.vitrail.plan.ProductPlan;
import org.vitrail.quantizer.QuantizedWeight;

/**
 * Assembles mixed-precision plans from plans of one bit width each.
 *
 * @param usual the plan of what is in no module
 * @param candidates a plan for each width that a module may have
 * @param target what the plans are deployed to
 */
record CandidatePlans(Plan usual, List<Plan> candidates, List<TransformerModule> modules, Target target) {

    /** Returns the plan in which each module has the bit width with this index. */
    Plan plan(List<Integer> choice) {
        Map<String, Integer> widths = new HashMap<>();
        for (int i = 0; i < modules.size(); i++) {
            int width = choice.get(i);
            modules.get(i).layers().forEach(layer -> widths.put(layer, width));
            modules.get(i).products().forEach(product -> widths.put(product, width));
        }
        return new Plan(
                usual.layers().stream()
                        .map(layer -> widths.containsKey(layer.layer())
                                ? layer(candidates.get(widths.get(layer.layer())), layer.layer())
                                : layer)
                        .toList(),
                usual.products().stream()
                        .map(product -> widths.containsKey(product.product())
                                ? product(candidates.get(widths.get(product.product())), product.product())
                                : product)
                        .toList());
    }

    private static LinearPlan layer(Plan plan, String name) {
        return plan.layers().stream()
                .filter(layer -> layer.layer().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static ProductPlan product(Plan plan, String name) {
        return plan.products().stream()
                .filter(product -> product.product().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the bits of the weights of each module (rows) at each bit width (columns): parameters × bits. */
    long[][] weightBits() {
        return sizes(
                layer -> (long) layer.weight().count() * layer.weight().bits().bits());
    }

    /** Returns the bytes that the weights of each module take in a file. */
    long[][] storedBytes() {
        return sizes(layer -> Deployment.storedBytes(layer.weight(), target));
    }

    /**
     * Returns the bytes of an ideal entropy coder for the weights of each module: Σ over codes of −log₂(share) / 8.
     */
    long[][] entropyBytes() {
        return sizes(layer -> entropyBytes(layer.weight()));
    }

    private static long entropyBytes(QuantizedWeight weight) {
        int highest = weight.bits().symmetric().highest();
        long[] counts = new long[2 * highest + 1];
        for (short code : weight.codes()) {
            counts[code + highest]++;
        }
        double bits = 0;
        for (long count : counts) {
            bits -= count == 0 ? 0 : count * (Math.log((double) count / weight.count()) / Math.log(2));
        }
        return Math.round(bits / 8);
    }

    private long[][] sizes(ToLongFunction<LinearPlan> size) {
        long[][] sizes = new long[modules.size()][candidates.size()];
        for (int width = 0; width < candidates.size(); width++) {
            for (LinearPlan layer : candidates.get(width).layers()) {
                for (int i = 0; i < modules.size(); i++) {
                    if (modules.get(i).layers().contains(layer.layer())) {
                        sizes[i][width] += size.applyAsLong(layer);
                    }
                }
            }
        }
        return sizes;
    }
}
