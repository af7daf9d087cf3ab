package org.vitrail.plan;

import java.util.List;

/**
 * The decisions of a run for one model. With the model itself, it is enough to write the same quantized file again.
 *
 * @param layers in graph order
 * @param products in graph order
 */
public record Plan(List<LinearPlan> layers, List<ProductPlan> products) {
    public Plan {
        layers = List.copyOf(layers);
        products = List.copyOf(products);
    }
}
