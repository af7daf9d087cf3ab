package org.vitrail.plan;

import org.vitrail.quantizer.HeadQuantizers;

/**
 * The quantization of a product of two activations.
 *
 * @param product its output value, by which it is known in the graph
 * @param probabilities whether the left operand holds attention probabilities: each of its rows is then divided by its
 *     largest entry before {@code left} quantizes it, and each row of the product by the sum of what became of it
 */
public record ProductPlan(String product, HeadQuantizers left, HeadQuantizers right, boolean probabilities) {}
