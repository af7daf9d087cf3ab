package org.vitrail.plan;

import java.util.List;

/**
 * Everything that a run decided about a model: with the model itself, enough to make the same quantized file again.
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
