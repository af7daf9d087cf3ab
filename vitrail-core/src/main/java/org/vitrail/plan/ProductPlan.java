package org.vitrail.plan;

import org.vitrail.quantizer.AffineQuantizer;

/**
 * How a product of two activations is quantized.
 *
 * @param product its output value, by which it is known in the graph
 */
public record ProductPlan(String product, AffineQuantizer left, AffineQuantizer right) {}
